import { describe, expect, it } from '@jest/globals';

import { familyOf, partBytesOf, partSizes } from './upload-policy.ts';

const MIB = 1024 * 1024;

describe('familyOf', () => {
  it.each([
    ['a.MP3', 'audio/mpeg', 'mpeg'],
    ['a.opus', 'audio/ogg; codecs=opus', 'ogg'],
    ['a.m4a', 'audio/x-m4a', 'mp4'],
    ['a.aif', 'application/octet-stream', 'aiff'],
    ['a.mp3', 'audio/flac', null],
    ['mp3', 'audio/mpeg', null],
    ['a.mp3.exe', 'audio/mpeg', null],
    ['a.constructor', 'application/octet-stream', null],
  ])('of %s as %s', (filename, contentType, family) => {
    expect(familyOf(filename, contentType)).toBe(family);
  });
});

describe('parts', () => {
  it.each([
    [1, 8 * MIB],
    [1024 * MIB, 8 * MIB],
    [5000 * MIB, 20 * MIB],
    [60_000 * MIB, 64 * MIB],
  ])('of %d bytes have a size between 8 and 64 MiB', (sizeBytes, partBytes) => {
    expect(partBytesOf(sizeBytes)).toBe(partBytes);
  });

  it('are equal but for the last', () => {
    expect(partSizes(20, 8)).toEqual([8, 8, 4]);
    expect(partSizes(16, 8)).toEqual([8, 8]);
    expect(partSizes(1, 8)).toEqual([1]);
  });
});
