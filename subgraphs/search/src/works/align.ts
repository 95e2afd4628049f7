import { PITCHES } from './moments.ts';

/** A step in which one of the two stands still costs so much correlation. */
const UNEVEN = 0.1;

export interface Alignment {
  /** Mean correlation of the moments of the clip with those that they fall on, less what uneven steps cost. */
  readonly score: number;
  /** How much higher the clip is, in semitones: 0–11. */
  readonly semitones: number;
  /** The moment of the track that the last of the clip falls on. */
  readonly end: number;
}

/**
 * Where in a track a clip is played best, in whatever key: dynamic time warping of part of it, for each of the twelve
 * keys. In a step of the clip the track takes none, one or two.
 */
export function align(clip: Float32Array, track: Float32Array): Alignment {
  let best: Alignment = { score: -1, semitones: 0, end: 0 };
  for (let semitones = 0; semitones < PITCHES; semitones++) {
    const found = alignInKey(clip, track, semitones);
    if (found.score > best.score) best = { ...found, semitones };
  }
  return best;
}

function alignInKey(clip: Float32Array, track: Float32Array, semitones: number) {
  const [moments, length] = [clip.length / PITCHES, track.length / PITCHES];
  let before = new Float32Array(length);
  let now = new Float32Array(length);
  const pitches = new Float32Array(PITCHES);
  for (let moment = 0; moment < moments; moment++) {
    for (let pitch = 0; pitch < PITCHES; pitch++)
      pitches[pitch] = clip[moment * PITCHES + ((pitch + semitones) % PITCHES)]!;
    for (let at = 0; at < length; at++) {
      let likeness = 0;
      for (let pitch = 0; pitch < PITCHES; pitch++)
        likeness += pitches[pitch]! * track[at * PITCHES + pitch]!;
      now[at] = likeness + (moment === 0 ? 0 : reach(before, at));
    }
    [before, now] = [now, before];
  }
  let end = 0;
  for (let at = 1; at < length; at++) if (before[at]! > before[end]!) end = at;
  return { score: before[end]! / moments, end };
}

function reach(before: Float32Array, at: number): number {
  let best = before[at]! - UNEVEN;
  if (at > 0 && before[at - 1]! > best) best = before[at - 1]!;
  if (at > 1 && before[at - 2]! - UNEVEN > best) best = before[at - 2]! - UNEVEN;
  return best;
}
