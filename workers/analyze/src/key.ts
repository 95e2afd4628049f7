import { CHROMA_HOP, CHROMA_HOP_MS } from '@volna/events';

import { CHROMA_WINDOW, createMoments } from './chroma.ts';
import { correlate, mean } from './correlate.ts';

/** Noise and speech correlate by less than the first with any key, and noise has all pitches alike. */
const [MIN_CORRELATION, SURE_CORRELATION] = [0.6, 0.9];
const MIN_CONTRAST = 0.08;
/** So far ahead of the second best key there is no doubt. */
const SURE_MARGIN = 0.15;

/** From the middle of a track. */
export const KEY_SECONDS = 180;
const KEY_MOMENTS = Math.floor((KEY_SECONDS * 1000) / CHROMA_HOP_MS);

const NOTES = ['C', 'C#', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'Ab', 'A', 'Bb', 'B'];

/** How often each degree sounds in major and in minor (Albrecht & Shanahan, *Music Perception* 31, 2013). */
const PROFILES = {
  major: [0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.08, 0.008, 0.081],
  minor: [0.22, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052],
} as const;

export interface Key {
  /** As «A minor». */
  readonly name: string;
  readonly mode: keyof typeof PROFILES;
  /** 0–1: how well its profile fits, less where another key's fits nearly as well. */
  readonly confidence: number;
}

/**
 * The key whose profile correlates best with how much each pitch class sounds (Krumhansl & Schmuckler, 1990):
 * what is heard in all moments. Null where none fits.
 */
export function findKey(samples: Float32Array): Key | null {
  return keyOf(sumMoments(samples));
}

/** The same of what `findChroma` has heard, of its middle. */
export function findKeyIn(chroma: Uint8Array): Key | null {
  const moments = chroma.length / 12;
  const first = Math.max(0, Math.floor((moments - KEY_MOMENTS) / 2));
  const last = Math.min(moments, first + KEY_MOMENTS);
  const sums = Array.from({ length: 12 }, () => 0);
  for (let i = first * 12; i < last * 12; i++) sums[i % 12]! += chroma[i]! / 255;
  return keyOf(sums);
}

function keyOf(chroma: readonly number[]): Key | null {
  if (contrastOf(chroma) < MIN_CONTRAST) return null;
  const found = (['major', 'minor'] as const)
    .flatMap((mode) =>
      NOTES.map((note, tonic) => {
        const profile = chroma.map((_, pitch) => PROFILES[mode][(pitch - tonic + 12) % 12]!);
        return { name: `${note} ${mode}`, mode, correlation: correlate(chroma, profile) };
      }),
    )
    .toSorted((a, b) => b.correlation - a.correlation);
  const [best, second] = found;
  if (!best || !second || best.correlation < MIN_CORRELATION) return null;
  const fit = share(best.correlation, MIN_CORRELATION, SURE_CORRELATION);
  const ahead = share(best.correlation - second.correlation, 0, SURE_MARGIN);
  return { name: best.name, mode: best.mode, confidence: fit * (0.5 + 0.5 * ahead) };
}

/** The standard deviation over the mean: 0 where all pitch classes sound alike, or none. */
function contrastOf(chroma: readonly number[]): number {
  const average = mean(chroma);
  if (average === 0) return 0;
  return Math.sqrt(mean(chroma.map((value) => (value - average) ** 2))) / average;
}

function share(value: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}

/** How much of each pitch class sounds, from C on; each moment counts alike, loud or soft. */
function sumMoments(samples: Float32Array): number[] {
  const hearMoment = createMoments();
  const chroma = Array.from({ length: 12 }, () => 0);
  for (let start = 0; start + CHROMA_WINDOW <= samples.length; start += CHROMA_HOP) {
    const moment = hearMoment(samples, start);
    if (!moment) continue;
    for (let pitch = 0; pitch < 12; pitch++) chroma[pitch]! += moment[pitch]!;
  }
  return chroma;
}
