import { describe, expect, it } from '@jest/globals';

import { findTempo } from './tempo.ts';
import { clicks, progression, randomFrom, sample } from './testing/signals.ts';

describe('findTempo', () => {
  it.each([70, 104, 120, 150])('finds the %i beats a minute of a click track', (bpm) => {
    expect(findTempo(sample(20, clicks(bpm)))?.bpm).toBeCloseTo(bpm, -0.4);
  });

  it('takes a very fast beat for its half, as people do', () => {
    expect(findTempo(sample(20, clicks(180)))?.bpm).toBeCloseTo(90, -0.4);
  });

  it('finds the beat of chords that change with it', () => {
    const chords = [
      [57, 60, 64],
      [53, 57, 60],
      [60, 64, 67],
      [55, 59, 62],
    ];
    expect(findTempo(sample(20, progression(chords, 60 / 96)))?.bpm).toBeCloseTo(96, 0);
  });

  it('finds none in silence, in steady noise and in a moment', () => {
    const random = randomFrom(3);
    expect(findTempo(new Float32Array(16_000 * 20))).toBeNull();
    expect(findTempo(sample(20, () => 0.3 * random()))).toBeNull();
    expect(findTempo(sample(2, clicks(120)))).toBeNull();
  });
});
