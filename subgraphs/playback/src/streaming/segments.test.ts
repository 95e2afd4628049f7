import { Readable } from 'node:stream';

import { describe, expect, it } from '@jest/globals';
import { newId } from '@volna/events';
import { ObjectNotFoundError, type Objects } from '@volna/platform/objects';

import { createGrantReader, signGrant } from './grant.ts';
import { Segments } from './segments.ts';

/** Objects of so many bytes by their key, which say what was read of them. */
function openObjects(sizes: Record<string, number>) {
  const read: string[] = [];
  const objects = {
    async read(key: string) {
      read.push(key);
      const sizeBytes = sizes[key];
      if (sizeBytes === undefined) throw new ObjectNotFoundError(key);
      const info = { key, sizeBytes, etag: 'tag', contentType: 'video/mp2t' };
      return { info, body: Readable.from([Buffer.alloc(sizeBytes, 1)]) };
    },
  } as Partial<Objects> as Objects;
  return { segments: new Segments(objects), read };
}

describe('segments in memory', () => {
  it('are read once, however many ask, and at once after that', async () => {
    const { segments, read } = openObjects({ 'a/1.ts': 10 });
    const [one, other] = await Promise.all([segments.find('a/1.ts'), segments.find('a/1.ts')]);
    expect(one).toMatchObject({ sizeBytes: 10, etag: '"tag"', contentType: 'video/mp2t' });
    expect(other).toBe(one);
    expect(segments.find('a/1.ts')).toBe(one);
    expect(read).toEqual(['a/1.ts']);
  });

  it('are no playlists, nor what is large', async () => {
    const { segments, read } = openObjects({ 'a/index.m3u8': 10, 'a/big.mp4': 3 * 1024 * 1024 });
    expect(segments.find('a/index.m3u8')).toBeNull();
    expect(await segments.find('a/big.mp4')).toBeNull();
    expect(await segments.find('a/big.mp4')).toBeNull();
    expect(read).toEqual(['a/big.mp4', 'a/big.mp4']);
  });

  it('are asked for again where there was none', async () => {
    const sizes: Record<string, number> = {};
    const { segments } = openObjects(sizes);
    await expect(segments.find('a/1.ts')).rejects.toThrow(ObjectNotFoundError);
    sizes['a/1.ts'] = 10;
    expect(await segments.find('a/1.ts')).toMatchObject({ sizeBytes: 10 });
  });

  it('give way to others before they fill the memory', async () => {
    const size = 1024 * 1024;
    const keys = Array.from({ length: 100 }, (_, at) => `a/${at}.ts`);
    const { segments, read } = openObjects(Object.fromEntries(keys.map((key) => [key, size])));
    // oxlint-disable-next-line no-await-in-loop -- one after the other, so that the first are the oldest
    for (const key of keys) await segments.find(key);
    const kept = keys.filter((key) => !(segments.find(key) instanceof Promise));
    expect(kept.length * size).toBeLessThanOrEqual(64 * 1024 * 1024);
    expect(kept).toContain('a/99.ts');
    expect(read.length).toBeGreaterThan(keys.length);
  });
});

describe('a reader of grants', () => {
  it('knows one that it has proved, until that expires, and no other text of it', () => {
    const key = 'k'.repeat(32);
    const read = createGrantReader(key);
    const grant = {
      kind: 'play' as const,
      trackId: newId('Track'),
      prefix: 'tracks/a',
      userId: null,
      isOwn: false,
      expiresAt: 1_000,
      durationMs: 1,
    };
    const text = signGrant(key, grant);
    expect([read(text, 0), read(text, 999)]).toEqual([grant, grant]);
    expect(read(text, 1_000)).toBe('expired');
    expect([read(`${text}x`, 0), read(`x${text}`, 0), read('', 0)]).toEqual([null, null, null]);
  });
});
