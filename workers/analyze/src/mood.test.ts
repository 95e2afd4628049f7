import { describe, expect, it } from '@jest/globals';

import { findMood, type Mood } from './mood.ts';

const loud = { levelDb: -11, brightness: 0.3, swingDb: 1.5, flux: 2.1, onsets: 5, seconds: 90 };
const soft = { levelDb: -25, brightness: 0.1, swingDb: 1.5, flux: 0.9, onsets: 0.6, seconds: 90 };

const namesOf = ({ moods }: Mood) => moods.map(({ name }) => name);

describe('findMood', () => {
  it('calls loud, fast and major music energetic and happy', () => {
    const mood = findMood(
      loud,
      { bpm: 140, pulse: 0.6, confidence: 0.8 },
      { mode: 'major', confidence: 0.7 },
    );
    expect(mood.energy).toBeGreaterThan(0.8);
    expect(mood.valence).toBeGreaterThan(0.75);
    expect(namesOf(mood)).toEqual(['energetic', 'danceable', 'happy']);
  });

  it('calls soft, slow and minor music calm and sad', () => {
    const mood = findMood(soft, { bpm: 65, pulse: 0.2, confidence: 0.4 }, { mode: 'minor', confidence: 0.9 });
    expect(mood.energy).toBeLessThan(0.2);
    expect(mood.valence).toBeLessThan(0.25);
    expect(namesOf(mood)).toEqual(['calm', 'sad']);
  });

  it('calls neither soft music of many notes nor a drum kit calm', () => {
    const rolling = findMood({ ...soft, onsets: 5 }, { bpm: 174, pulse: 0.5, confidence: 0.8 }, null);
    expect(namesOf(rolling)).not.toContain('calm');
    const drums = findMood(
      { levelDb: -14, brightness: 0.15, swingDb: 1.5, flux: 1.3, onsets: 4, seconds: 90 },
      null,
      null,
    );
    expect(drums.energy).toBeGreaterThan(0.6);
    expect(namesOf(drums)).not.toContain('calm');
  });

  it('says nothing of valence where neither tempo nor key is known', () => {
    const nothing = { valence: null, valenceConfidence: null, moods: [] };
    const middling = { levelDb: -17, brightness: 0.35, swingDb: 1.5, flux: 1.4, onsets: 3, seconds: 90 };
    expect(findMood(middling, null, null)).toMatchObject(nothing);
  });

  it('is less sure of a short sound, of measures that contradict one another, and of an unsure key', () => {
    const [fast, major] = [
      { bpm: 140, pulse: 0.6, confidence: 0.8 },
      { mode: 'major' as const, confidence: 0.7 },
    ];
    const sure = findMood(loud, fast, major);
    expect(sure.energyConfidence).toBeGreaterThan(0.6);
    expect(findMood({ ...loud, seconds: 2 }, fast, major).energyConfidence).toBeLessThan(0.1);
    const loudDrone = findMood({ ...loud, onsets: 0 }, null, major);
    expect(loudDrone.energyConfidence).toBeLessThan(sure.energyConfidence - 0.1);
    const unsure = findMood(loud, fast, { ...major, confidence: 0.1 });
    expect(unsure.valenceConfidence).toBeLessThan((sure.valenceConfidence ?? 0) - 0.1);
    expect(Math.max(...sure.moods.map(({ confidence }) => confidence))).toBeLessThanOrEqual(0.5);
  });
});
