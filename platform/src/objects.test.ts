import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { checkKey, ObjectNotFoundError, RangeNotSatisfiableError } from './objects.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { describeObjects } from './testing/objects-twins.ts';

const text = (words: string) => new TextEncoder().encode(words);

describeObjects('objects', (objects) => {
  let scratch: Scratch;

  beforeAll(async () => {
    scratch = await openScratch();
  });

  afterAll(async () => {
    await scratch[Symbol.asyncDispose]();
  });

  it('gives back what was put, and says what it is', async () => {
    await objects().put('hls/1/master.m3u8', text('#EXTM3U'));

    const { info, body } = await objects().read('hls/1/master.m3u8');

    expect(String(await buffer(body))).toBe('#EXTM3U');
    expect(info).toEqual({
      key: 'hls/1/master.m3u8',
      sizeBytes: 7,
      etag: expect.stringMatching(/^[^"]+$/),
      contentType: 'application/vnd.apple.mpegurl',
    });
    expect(await objects().head('hls/1/master.m3u8')).toEqual(info);
  });

  it('replaces an object and its etag', async () => {
    await objects().put('replaced', text('one'), { contentType: 'text/plain' });
    const before = await objects().head('replaced');
    await objects().put('replaced', text('three'), { contentType: 'text/html' });

    expect(String(await buffer((await objects().read('replaced')).body))).toBe('three');
    const after = await objects().head('replaced');
    expect(after).toMatchObject({ sizeBytes: 5, contentType: 'text/html' });
    expect(after?.etag).not.toBe(before?.etag);
  });

  it.each([
    ['nothing', 0],
    ['some bytes', 100_000],
    ['more than it sends at once', 9 * 1024 * 1024],
  ])('carries a file of %s there and back', async (_words, sizeBytes) => {
    const bytes = randomBytes(sizeBytes);
    await writeFile(scratch.path('from'), bytes);

    await objects().putFile('files/one', scratch.path('from'), { contentType: 'audio/flac' });
    await objects().getFile('files/one', scratch.path('to'));

    expect(bytes.equals(await readFile(scratch.path('to')))).toBe(true);
    expect(await objects().head('files/one')).toMatchObject({ sizeBytes, contentType: 'audio/flac' });
  });

  it('reads a part of an object and says the size of all of it', async () => {
    await objects().put('digits', text('0123456789'));

    const { info, body } = await objects().read('digits', { start: 3, end: 5 });
    expect(String(await buffer(body))).toBe('345');
    expect(info.sizeBytes).toBe(10);

    const tail = await objects().read('digits', { start: 8, end: 99 });
    expect(String(await buffer(tail.body))).toBe('89');
    await expect(objects().read('digits', { start: 10, end: 12 })).rejects.toThrow(RangeNotSatisfiableError);
  });

  it('says which object is missing', async () => {
    await expect(objects().read('no/such')).rejects.toThrow(ObjectNotFoundError);
    await expect(objects().getFile('no/such', scratch.path('none'))).rejects.toThrow(ObjectNotFoundError);
    expect(await objects().head('no/such')).toBeNull();
    await objects().delete(['no/such']);
  });

  it('lists by prefix in order, and deletes what it is told', async () => {
    for (const key of ['list/b', 'list/a/2', 'list/a/1', 'list/a', 'listed'])
      await objects().put(key, text(key));

    expect(await objects().list('list/')).toEqual(['list/a', 'list/a/1', 'list/a/2', 'list/b']);
    expect(await objects().list('list/a/')).toEqual(['list/a/1', 'list/a/2']);
    expect(await objects().list('list')).toContain('listed');
    expect(await objects().list('nowhere/')).toEqual([]);

    await objects().delete(['list/a', 'list/a/1', 'list/b']);
    expect(await objects().list('list/')).toEqual(['list/a/2']);
    await objects().delete([]);
  });

  it('walks through what there is, with its size and time', async () => {
    const since = Date.now() - 60_000;
    await objects().put('walk/a', text('12345'), { cacheControl: 'public, max-age=60' });
    await objects().put('walk/b/1', text('1'));

    const found = await Array.fromAsync(objects().walk('walk/'));

    expect(found.map(({ key, sizeBytes }) => `${key} ${sizeBytes}`).toSorted()).toEqual([
      'walk/a 5',
      'walk/b/1 1',
    ]);
    for (const { modifiedAt } of found) expect(modifiedAt.getTime()).toBeGreaterThan(since);
    expect((await objects().head('walk/a'))?.cacheControl).toBe('public, max-age=60');
    expect(await Array.fromAsync(objects().walk('nowhere/'))).toEqual([]);
  });

  it('takes what people call their files, where those are imported from', async () => {
    const keys = ['import/Кино/Звезда по имени Солнце.mp3', "import/a@b/50% & #1 [it's?].mp3", 'import/a@b'];
    for (const key of keys) {
      await objects().put(key, text(key));
      expect(await objects().head(key)).toMatchObject({ key });
      expect(String(await buffer((await objects().read(key)).body))).toBe(key);
      await expect(async () => objects().signGet(key, 60_000)).rejects.toThrow('not an object key');
    }
    expect(await objects().list('import/')).toEqual(keys.toSorted());
    expect(await objects().list('import/Кино/Звезда по')).toEqual([keys[0]]);
    await objects().delete(keys);
    expect(await objects().list('import/')).toEqual([]);
  });

  it('refuses keys that are no keys', async () => {
    const foreign = ['import/../up', 'import//b', 'import/a/', 'import/a\nb', `import/${'ж'.repeat(126)}`];
    for (const key of [
      '../up',
      'a//b',
      '/a',
      'a/',
      'a b',
      'a@',
      'ä',
      'a/./b',
      'a'.repeat(300),
      '',
      ...foreign,
    ]) {
      await expect(async () => objects().put(key, text('x'))).rejects.toThrow('not an object key');
      await expect(async () => objects().signGet(key, 60_000)).rejects.toThrow('not an object key');
    }
    await expect(async () => objects().list('../')).rejects.toThrow('not a prefix');
  });
});

describe('checkKey', () => {
  it('lets pass what a key may be', () => {
    for (const key of ['a', 'hls/1/96k/seg-00001.m4s', '..a', 'a..b/c_d']) expect(checkKey(key)).toBe(key);
  });
});
