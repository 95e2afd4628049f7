import { describe, expect, it } from '@jest/globals';

import { readScore } from './midi.ts';

/** A file of one track with 96 ticks a quarter. */
function midi(events: readonly number[]): Buffer {
  const head = [0x4d, 0x54, 0x68, 0x64, 0, 0, 0, 6, 0, 0, 0, 1, 0, 96];
  return Buffer.from([...head, 0x4d, 0x54, 0x72, 0x6b, 0, 0, 0, events.length, ...events]);
}

/** 60,000,000 over the beats a minute, in three bytes. */
const tempo = (bpm: number) => {
  const micros = Math.round(60e6 / bpm);
  return [0xff, 0x51, 3, micros >> 16, (micros >> 8) & 255, micros & 255];
};

describe('readScore', () => {
  it('tells the tempo that most of the time has', () => {
    const score = readScore(
      midi([0, ...tempo(60), 96, ...tempo(120), 0, 0x90, 60, 80, 0x83, 0x00, 60, 0, 0, 0x90, 64, 1]),
    );
    // a quarter at 60, four at 120
    expect(score.bpm).toBe(120);
    expect(score.seconds).toBeCloseTo(3, 5);
    expect(score.bpmShare).toBeCloseTo(2 / 3, 5);
  });

  it('counts how long notes sound, and no drums', () => {
    const { pitchClasses } = readScore(
      midi([0, 0x90, 57, 80, 0, 0x99, 40, 80, 48, 0x80, 57, 0, 0, 0x89, 40, 0, 0, 0xff, 0x2f, 0]),
    );
    expect(pitchClasses[9]).toBe(48);
    expect(pitchClasses.reduce((sum, value) => sum + value, 0)).toBe(48);
  });

  it('refuses what is no MIDI file', () => {
    expect(() => readScore(Buffer.from('RIFF and more of it'))).toThrow('not a MIDI file');
  });
});
