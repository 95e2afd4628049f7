import { describe, expect, it } from '@jest/globals';

import { findKey } from './key.ts';
import { progression, randomFrom, sample } from './testing/signals.ts';

/** I–IV–V–I or i–iv–V–i, close together, on a tonic given as a MIDI note. */
function cadence(tonic: number, third: 3 | 4): number[][] {
  const fourthThird = third === 4 ? 9 : 8;
  return [
    [0, third, 7],
    [5, fourthThird, 12],
    [7, 11, 14],
    [0, third, 7],
  ].map((chord) => chord.map((step) => tonic + step));
}

describe('findKey', () => {
  it.each([
    ['C major', 60, 4],
    ['A minor', 57, 3],
    ['Eb major', 63, 4],
    ['F# minor', 54, 3],
    ['B minor', 59, 3],
    ['G major', 55, 4],
  ] as const)('finds %s in its cadence', (name, tonic, third) => {
    expect(findKey(sample(6, progression(cadence(tonic, third), 1.5)))?.name).toBe(name);
  });

  it('says how sure it is', () => {
    const plain = findKey(sample(6, progression(cadence(60, 4), 1.5)));
    expect(plain?.confidence).toBeGreaterThan(0.3);
    expect(plain?.confidence).toBeLessThanOrEqual(1);
    const chromatic = Array.from({ length: 12 }, (_, step) => [60 + step]);
    expect(findKey(sample(24, progression(chromatic, 1)))).toBeNull();
  });

  it('finds none in what is too short', () => {
    expect(findKey(sample(0.3, progression(cadence(60, 4), 1.5)))).toBeNull();
  });

  it('finds none in silence and in noise', () => {
    const random = randomFrom(11);
    expect(findKey(new Float32Array(16_000 * 10))).toBeNull();
    expect(findKey(sample(8, () => 0.3 * random()))).toBeNull();
  });
});
