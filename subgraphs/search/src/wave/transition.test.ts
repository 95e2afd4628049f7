import { describe, expect, it } from '@jest/globals';

import { relate } from './transition.ts';

const sound = (tempo: number | null, musicalKey: string | null, loudnessLufs: number | null = null) => ({
  tempo,
  musicalKey,
  loudnessLufs,
});

describe('relate', () => {
  it.each([
    [120, 123, 'SAME'],
    [80, 161, 'DOUBLE'],
    [170, 84, 'HALF'],
    [100, 130, 'FASTER'],
    [130, 100, 'SLOWER'],
    [null, 100, null],
  ])('names the tempo from %p to %p', (from, to, expected) => {
    expect(relate(sound(from, null), sound(to, null)).tempo).toBe(expected);
  });

  it.each([
    ['A minor', 'A minor', 'SAME'],
    ['A minor', 'C major', 'RELATIVE'],
    ['C major', 'G major', 'NEIGHBOUR'],
    ['C major', 'F major', 'NEIGHBOUR'],
    ['Bb major', 'D# major', 'NEIGHBOUR'],
    ['C major', 'F# major', 'DISTANT'],
    ['C major', 'A major', 'DISTANT'],
    ['C major', 'odd', null],
  ])('names the key from %s to %s', (from, to, expected) => {
    expect(relate(sound(null, from), sound(null, to)).key).toBe(expected);
  });

  it('makes the later track as loud as the earlier, within reason', () => {
    expect(relate(sound(null, null, -8.04), sound(null, null, -14)).gainDb).toBe(6);
    expect(relate(sound(null, null, -5), sound(null, null, -40)).gainDb).toBe(12);
    expect(relate(sound(null, null), sound(null, null, -9)).gainDb).toBeNull();
  });

  it('fades longer where both go together', () => {
    expect(relate(sound(120, 'C major'), sound(121, 'G major')).crossfadeMs).toBe(6_000);
    expect(relate(sound(120, 'C major'), sound(160, 'G major')).crossfadeMs).toBe(3_000);
  });
});
