import { describe, expect, it } from '@jest/globals';

import { once } from './once.ts';
import { asPrisma, countSung, openSongDatabase, singIt } from './testing/songs.ts';

describe('once', () => {
  it('handles one message once for each consumer, also when it comes twice at a time', async () => {
    await using opened = await openSongDatabase();
    const prisma = asPrisma(opened.db);
    const deliveries = [1, 2, 3].map(() => once(prisma, 'choir', { id: 'm1' }, singIt));
    expect((await Promise.all(deliveries)).filter(Boolean)).toEqual([true]);
    expect(await once(prisma, 'choir', { id: 'm1' }, singIt)).toBe(false);
    expect(await once(prisma, 'band', { id: 'm1' }, singIt)).toBe(true);
    expect(await countSung(opened.db)).toBe(2);
  });

  it('handles a message again whose handling failed', async () => {
    await using opened = await openSongDatabase();
    const prisma = asPrisma(opened.db);
    const failing = once(prisma, 'choir', { id: 'm1' }, async (tx) => {
      await singIt(tx);
      throw new Error('hoarse');
    });
    await expect(failing).rejects.toThrow('hoarse');
    expect(await countSung(opened.db)).toBe(0);
    expect(await once(prisma, 'choir', { id: 'm1' }, singIt)).toBe(true);
  });
});
