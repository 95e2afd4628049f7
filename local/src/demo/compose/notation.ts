import type { Note } from '../score.ts';
import { parsePitch } from './theory.ts';

/**
 * A tune as text: "E5:1.5 D5:.5 C5 | -:1 E4+G4:2" — pitch:beats, where a length holds until the next one,
 * "-" rests, "+" stacks, "|" is for the eye, and "!" after a pitch accents it.
 */
export function tune(text: string, { at = 0, velocity = 0.7, legato = 0.95 } = {}): Note[] {
  const notes: Note[] = [];
  let beats = 1;
  let now = at;
  for (const token of text.split(/\s+/)) {
    if (token === '' || token === '|') continue;
    const [what = '', length] = token.split(':');
    if (length) beats = Number(length);
    const accent = what.endsWith('!') ? 0.14 : 0;
    const stress = now % 1 !== 0 ? -0.06 : now % 2 === 0 ? 0.04 : 0;
    if (what !== '-') {
      for (const name of what.replace('!', '').split('+')) {
        const pitch = parsePitch(name);
        notes.push({ at: now, beats: beats * legato, pitch, velocity: velocity + accent + stress });
      }
    }
    now += beats;
  }
  return notes;
}

const STRENGTH: Record<string, number> = { X: 1, x: 0.78, o: 0.5, ',': 0.28 };

/** A rhythm as text, one character a step: X accent, x hit, o soft, "," ghost, anything else rests. */
export function beat(pattern: string, { at = 0, bars = 1, step = 0.25, velocity = 1 } = {}): Note[] {
  const steps = pattern.replace(/[ |]/g, '').split('');
  const once = steps.flatMap((sign, i) => {
    const strength = STRENGTH[sign];
    return strength ? [{ at: at + i * step, beats: step, pitch: 60, velocity: strength * velocity }] : [];
  });
  return repeat(once, bars, steps.length * step);
}

export function shift(notes: readonly Note[], beats: number, semitones = 0): Note[] {
  return notes.map((note) => ({ ...note, at: note.at + beats, pitch: note.pitch + semitones }));
}

export function repeat(notes: readonly Note[], times: number, length: number): Note[] {
  return Array.from({ length: times }, (_, i) => shift(notes, i * length)).flat();
}

/** Softer or louder, the same notes. */
export function touch(notes: readonly Note[], factor: number): Note[] {
  return notes.map((note) => ({ ...note, velocity: note.velocity * factor }));
}

/** Follows a dynamic curve over the beats: phrases that swell and settle. */
export function swell(notes: readonly Note[], levelAt: (beat: number) => number): Note[] {
  return notes.map((note) => ({ ...note, velocity: note.velocity * levelAt(note.at) }));
}

/** The notes that begin within [from, to). */
export function between(notes: readonly Note[], from: number, to: number): Note[] {
  return notes.filter((note) => note.at >= from && note.at < to);
}
