import { describe, expect, it } from '@jest/globals';

import { isStill, placesAround } from './still.ts';

const at = (degrees: number) =>
  Float32Array.of(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180));
const places = (...degrees: number[]) => degrees.map(at);

describe('isStill', () => {
  it('is what comes to the same all along', () => {
    expect(isStill(places(0, 20, 0, 20, 0, 20))).toBe(true);
    expect(isStill(places(0, 10, 20, 30, 40, 50))).toBe(false);
    expect(isStill(places(0, 0, 0, 0, 0, 90))).toBe(false);
  });

  it('is nothing of which there is too little', () => {
    expect(isStill(places(0, 0, 0, 0, 0))).toBe(false);
    expect(isStill([])).toBe(false);
  });
});

describe('placesAround', () => {
  it('gives eight where there are so many, at either end too', () => {
    const all = Array.from({ length: 20 }, (_, second) => second);
    expect(placesAround(all, 10)).toEqual([6, 7, 8, 9, 10, 11, 12, 13]);
    expect(placesAround(all, 0)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(placesAround(all, 19)).toEqual([12, 13, 14, 15, 16, 17, 18, 19]);
    expect(placesAround([1, 2], 1)).toEqual([1, 2]);
  });
});
