import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';

import { describe, expect, it } from '@jest/globals';

import { hashFile } from './hash-file.ts';
import { openScratch } from './scratch.ts';

describe('hashFile', () => {
  it('hashes files of any length, several at a time', async () => {
    await using scratch = await openScratch();
    const contents = [0, 1, 262_144, 262_145, 1_000_000].map((length) => randomBytes(length));
    const files = contents.map((_bytes, index) => scratch.path(String(index)));
    await Promise.all(files.map((file, index) => writeFile(file, contents[index]!)));

    const hashes = await Promise.all(files.map((file) => hashFile(file)));

    expect(hashes).toEqual(contents.map((bytes) => createHash('sha256').update(bytes).digest('hex')));
  });

  it('ends when it is told to', async () => {
    await using scratch = await openScratch();
    const file = scratch.path('file');
    await writeFile(file, randomBytes(10));
    const reason = new Error('nobody wants this any more');

    await expect(hashFile(file, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
