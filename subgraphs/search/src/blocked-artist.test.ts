import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { artistCreated, type DataOf, newId, type trackUpdated } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { react } from './testing/listening.ts';
import { openSearch, type OpenSearch } from './testing/open-search.ts';
import { plantStyles } from './testing/styles.ts';
import { anchorsOf, askAs, changeTaste, START } from './testing/tastes.ts';

let search: OpenSearch;
let library: DataOf<typeof trackUpdated>[];
let alice: Viewer;
beforeAll(async () => {
  search = await openSearch();
  library = await plantStyles(search);
});
afterAll(async () => search[Symbol.asyncDispose]());
beforeEach(() => {
  alice = aViewer();
});

const idOf = (n: number): string => library[n]?.trackId ?? '';
const reactTo = (n: number, reaction: 'LIKE' | 'DISLIKE') => react(search, alice, idOf(n), reaction);
const change = (name: string, input: Record<string, unknown>) => changeTaste(search, alice, name, input);

describe('a blocked artist', () => {
  const artistId = newId('Artist');
  beforeAll(async () => {
    await search.bus.publish(artistCreated, { artistId, ownerId: newId('User'), name: 'Loud' });
    await search.settle();
  });

  it('is listed until unblocked', async () => {
    const { taste } = await change('blockArtist', { artistId });
    expect(taste.blockedArtists).toEqual([{ artist: { id: artistId } }]);
    expect((await change('blockArtist', { artistId })).errors).toEqual([]);
    expect((await change('unblockArtist', { artistId })).taste.blockedArtists).toEqual([]);
    for (const name of ['unblockArtist', 'blockArtist'])
      expect((await change(name, { artistId: newId('Artist') })).errors[0].code).toBe('NOT_FOUND');
  });

  it('leaves the queues of waves', async () => {
    const track = library[0]!;
    await search.bus.publish(artistCreated, {
      artistId: track.artistId,
      ownerId: newId('User'),
      name: 'Gone',
    });
    await reactTo(4, 'LIKE');
    await askAs(search, alice, START);
    const where = { userId: alice.userId };
    const wave = await search.db.wave.findFirstOrThrow({ where });
    await search.db.waveItem.updateMany({
      where: { waveId: wave.id, seq: 3 },
      data: { trackId: track.trackId },
    });
    await change('blockArtist', { artistId: track.artistId });
    const items = await search.db.waveItem.findMany({ where: { waveId: wave.id }, orderBy: { seq: 'asc' } });
    const byThem = library.filter((other) => other.artistId === track.artistId).map(({ trackId }) => trackId);
    const removed = items.slice(0, 5).filter(({ state }) => state === 'REMOVED');
    expect(removed).toEqual(items.slice(0, 5).filter(({ trackId }) => byThem.includes(trackId as never)));
    expect(removed.map(({ seq }) => seq)).toContain(3);
    expect(items.slice(5).map(({ trackId }) => trackId)).not.toContain(track.trackId);
  });

  it('is none of a taste', async () => {
    await reactTo(0, 'LIKE');
    await search.db.blockedArtist.create({ data: { userId: alice.userId, artistId: library[0]!.artistId } });
    expect(await anchorsOf(search, alice)).toEqual([]);
  });
});
