import { describe, expect, it } from '@jest/globals';

import { clampRange, parseRange } from './byte-range.ts';

describe('parseRange', () => {
  it.each([
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=2-4', { start: 2, end: 4 }],
    ['bytes=9-', { start: 9, end: 9 }],
    ['bytes=4-99', { start: 4, end: 9 }],
    ['bytes=-3', { start: 7, end: 9 }],
    ['bytes=-99', { start: 0, end: 9 }],
  ])('reads %s of ten bytes', (header, range) => {
    expect(parseRange(header, 10)).toEqual(range);
  });

  it.each(['bytes=10-', 'bytes=10-12', 'bytes=-0', `bytes=${'9'.repeat(400)}-`])(
    'cannot satisfy %s of ten bytes',
    (header) => {
      expect(parseRange(header, 10)).toBe('unsatisfiable');
    },
  );

  it.each(['bytes=0-', 'bytes=-1'])('cannot satisfy %s of no bytes', (header) => {
    expect(parseRange(header, 0)).toBe('unsatisfiable');
  });

  it.each([undefined, '', 'bytes=-', 'bytes=4-2', 'bytes=0-1,4-5', 'items=0-1', 'bytes=a-b', 'bytes= 0-1'])(
    'answers %s with the whole body',
    (header) => {
      expect(parseRange(header, 10)).toBeNull();
    },
  );
});

describe('clampRange', () => {
  it('keeps what the body has', () => {
    expect(clampRange({ start: 5, end: 50 }, 10)).toEqual({ start: 5, end: 9 });
    expect(clampRange({ start: 10, end: 50 }, 10)).toBe('unsatisfiable');
  });
});
