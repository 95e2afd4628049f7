import { describe, expect, it } from '@jest/globals';

import { mediaTypeOf } from './media-type.ts';

describe('mediaTypeOf', () => {
  it.each([
    ['hls/1/master.m3u8', 'application/vnd.apple.mpegurl'],
    ['hls/1/96/init.mp4', 'audio/mp4'],
    ['covers/1/300.WEBP', 'image/webp'],
    ['originals/1', 'application/octet-stream'],
    ['a.html', 'application/octet-stream'],
    ['a.constructor', 'application/octet-stream'],
  ])('knows %s as %s', (name, type) => {
    expect(mediaTypeOf(name)).toBe(type);
  });
});
