import { describe, expect, it } from '@jest/globals';

import { findMood } from './mood.ts';

const loud = { levelDb: -11, brightness: 0.6, flux: 2.1 };
const soft = { levelDb: -25, brightness: 0.1, flux: 0.9 };

describe('findMood', () => {
  it('calls loud, fast and major music energetic and happy', () => {
    const mood = findMood(loud, { bpm: 140, pulse: 0.6 }, { name: 'C major', mode: 'major' });
    expect(mood.energy).toBeGreaterThan(0.8);
    expect(mood.valence).toBeGreaterThan(0.75);
    expect(mood.moods).toEqual(['energetic', 'happy', 'danceable']);
  });

  it('calls soft, slow and minor music calm and sad', () => {
    const mood = findMood(soft, { bpm: 65, pulse: 0.2 }, { name: 'A minor', mode: 'minor' });
    expect(mood.energy).toBeLessThan(0.2);
    expect(mood.valence).toBeLessThan(0.25);
    expect(mood.moods).toEqual(['calm', 'sad']);
  });

  it('stays in the middle where tempo and key are not known', () => {
    expect(findMood({ levelDb: -17, brightness: 0.35, flux: 1.4 }, null, null)).toMatchObject({
      valence: 0.5,
      moods: [],
    });
  });
});
