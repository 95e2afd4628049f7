import { describe, expect, it } from '@jest/globals';

import { findMood } from './mood.ts';

const loud = { levelDb: -9, brightness: 0.8, flux: 4.5 };
const soft = { levelDb: -32, brightness: 0.2, flux: 1.2 };

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
    expect(findMood({ levelDb: -20, brightness: 0.5, flux: 3 }, null, null)).toMatchObject({
      valence: 0.5,
      moods: [],
    });
  });
});
