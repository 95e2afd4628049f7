import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';

import { expect, it } from '@jest/globals';

import { describeObjects, describeUnless } from './testing/objects-twins.ts';

const PIECE = 3 * 1024 * 1024;

async function* pieces(...all: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  yield* all;
}

async function* broken(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
  throw new Error('the source is gone');
}

describeObjects('streams and listings', (objects, lacks) => {
  const readAll = async (key: string) => buffer((await objects().read(key)).body);

  it.each([
    ['nothing', []],
    ['a little', [randomBytes(10), randomBytes(20)]],
    ['several parts', Array.from({ length: 7 }, () => randomBytes(PIECE))],
  ])('stores a stream of %s', async (_what, all) => {
    await objects().putStream('streams/one.flac', pieces(...all));

    expect(Buffer.concat(all).equals(await readAll('streams/one.flac'))).toBe(true);
    expect((await objects().head('streams/one.flac'))?.contentType).toBe('audio/flac');
  });

  it('stores nothing, and leaves no parts, where the stream breaks', async () => {
    for (const bytes of [randomBytes(10), randomBytes(10 * 1024 * 1024)]) {
      await expect(objects().putStream('streams/two', broken(bytes))).rejects.toThrow('the source is gone');
    }
    expect(await objects().head('streams/two')).toBeNull();
    expect(await objects().listMultiparts('streams/')).toEqual([]);
  });

  it('lists folders page by page, without what is in them', async () => {
    for (const name of ['b/1', 'a/1', 'a/2/3', 'ab/1', 'c']) {
      await objects().put(`tree/${name}`, randomBytes(1));
    }
    expect(await objects().listFolders('tree/')).toEqual(['a', 'ab', 'b']);
    expect(await objects().listFolders('tree/', 'a')).toEqual(['ab', 'b']);
    expect(await objects().listFolders('tree/', 'b')).toEqual([]);
    expect(await objects().listFolders('none/')).toEqual([]);
  });

  describeUnless(lacks.listing, 'of open uploads', () => {
    it('lists uploads until they are aborted', async () => {
      const uploadId = await objects().createMultipart('open/one');

      const [open, ...others] = await objects().listMultiparts('open/');
      expect(open).toMatchObject({ key: 'open/one', uploadId });
      expect(Math.abs((open?.startedAt.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
      expect(others).toEqual([]);
      await objects().abortMultipart('open/one', uploadId);
      expect(await objects().listMultiparts('open/')).toEqual([]);
    });
  });
});
