import { describe, expect, it } from '@jest/globals';

import { findMood } from './mood.ts';

const loud = { levelDb: -11, brightness: 0.3, swingDb: 1.5, flux: 2.1, onsets: 5 };
const soft = { levelDb: -25, brightness: 0.1, swingDb: 1.5, flux: 0.9, onsets: 0.6 };

describe('findMood', () => {
  it('calls loud, fast and major music energetic and happy', () => {
    const mood = findMood(loud, { bpm: 140, pulse: 0.6 }, { mode: 'major' });
    expect(mood.energy).toBeGreaterThan(0.8);
    expect(mood.valence).toBeGreaterThan(0.75);
    expect(mood.moods).toEqual(['energetic', 'happy', 'danceable']);
  });

  it('calls soft, slow and minor music calm and sad', () => {
    const mood = findMood(soft, { bpm: 65, pulse: 0.2 }, { mode: 'minor' });
    expect(mood.energy).toBeLessThan(0.2);
    expect(mood.valence).toBeLessThan(0.25);
    expect(mood.moods).toEqual(['calm', 'sad']);
  });

  it('calls neither soft music of many notes nor a drum kit calm', () => {
    const rolling = findMood({ ...soft, onsets: 5 }, { bpm: 174, pulse: 0.5 }, null);
    expect(rolling.moods).not.toContain('calm');
    const drums = findMood(
      { levelDb: -14, brightness: 0.15, swingDb: 1.5, flux: 1.3, onsets: 4 },
      null,
      null,
    );
    expect(drums.energy).toBeGreaterThan(0.6);
    expect(drums.moods).not.toContain('calm');
  });

  it('stays in the middle where tempo and key are not known', () => {
    expect(
      findMood({ levelDb: -17, brightness: 0.35, swingDb: 1.5, flux: 1.4, onsets: 3 }, null, null),
    ).toMatchObject({
      valence: 0.5,
      moods: [],
    });
  });
});
