import { describe, expect, it } from '@jest/globals';

import { albumLoudness, albumPeak } from './album-loudness.ts';

const track = (loudnessLufs: number | null, minutes: number, truePeakDbtp: number | null = -1) => ({
  loudnessLufs,
  truePeakDbtp,
  durationMs: minutes * 60_000,
});

describe('the loudness of an album', () => {
  it('is that of its only track', () => {
    expect(albumLoudness([track(-14.2, 3)])).toBeCloseTo(-14.2, 6);
  });

  it('is the mean of energies, by length', () => {
    // 10 log10((2 · 10^-1 + 1 · 10^-1.6) / 3)
    expect(albumLoudness([track(-10, 2), track(-16, 1)])).toBeCloseTo(-11.25, 2);
    expect(albumLoudness([track(-10, 4), track(-16, 2)])).toBeCloseTo(-11.25, 2);
  });

  it('leaves out what the relative gate does, and silence', () => {
    expect(albumLoudness([track(-12, 4), track(-30, 20), track(null, 3)])).toBeCloseTo(-12, 0);
    expect(albumLoudness([track(-10, 1), track(-40, 1)])).toBeCloseTo(-10, 6);
  });

  it('is nothing for silence, and for no tracks', () => {
    expect(albumLoudness([track(null, 3)])).toBeNull();
    expect(albumLoudness([])).toBeNull();
  });
});

describe('the peak of an album', () => {
  it('is the highest of its tracks', () => {
    expect(albumPeak([track(-14, 1, -3), track(-14, 1, 0.4), track(null, 1, null)])).toBe(0.4);
    expect(albumPeak([track(null, 1, null)])).toBeNull();
  });
});
