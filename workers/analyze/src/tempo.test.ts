import { describe, expect, it } from '@jest/globals';

import { findTempo } from './tempo.ts';
import { clicks, note, progression, randomFrom, sample } from './testing/signals.ts';

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

  it('is surer of a plain beat than of one among noise', () => {
    const random = randomFrom(4);
    const beat = clicks(110);
    const plain = findTempo(sample(40, beat));
    const buried = findTempo(sample(40, (t) => 0.3 * beat(t) + 0.3 * random()));
    expect(plain?.confidence).toBeGreaterThan(0.4);
    expect(plain?.confidence).toBeLessThanOrEqual(1);
    expect(buried?.confidence ?? 0).toBeLessThan(plain?.confidence ?? 0);
  });

  it('finds none in notes of free lengths', () => {
    const random = randomFrom(5);
    const begins: number[] = [];
    for (let at = 0; at < 60; at += 0.6 + 0.5 * random()) begins.push(at);
    const sound = note(60);
    expect(
      findTempo(
        sample(60, (t) => {
          const begun = begins.findLast((at) => at <= t) ?? 0;
          return 0.3 * Math.exp(-4 * (t - begun)) * sound(t - begun);
        }),
      ),
    ).toBeNull();
  });

  it('finds none in the rhythm of speech', () => {
    // syllables of four to seven a second, in phrases with pauses
    const random = randomFrom(9);
    const syllables: number[] = [];
    for (let at = 0; at < 60; at += 0.19 + 0.05 * random() + (random() > 0.7 ? 0.5 + 0.4 * random() : 0)) {
      syllables.push(at);
    }
    const voice = note(45);
    const spoken = sample(60, (t) => {
      const since = t - (syllables.findLast((at) => at <= t) ?? 0);
      return Math.sin(Math.PI * Math.min(1, since / 0.17)) * (0.2 * voice(t) + 0.02 * random());
    });
    expect(findTempo(spoken)).toBeNull();
  });

  it('finds none in silence, in steady noise and in a moment', () => {
    const random = randomFrom(3);
    expect(findTempo(new Float32Array(16_000 * 20))).toBeNull();
    expect(findTempo(sample(20, () => 0.3 * random()))).toBeNull();
    expect(findTempo(sample(2, clicks(120)))).toBeNull();
  });
});
