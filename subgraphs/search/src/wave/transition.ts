import { z } from 'zod';

/** How one track follows another: for a player that fades, and for people who ask why it fits. */
export const Transition = z.object({
  /** To be added to the later track, so that it is as loud as the earlier. */
  gainDb: z.number().nullable(),
  tempo: z.enum(['SAME', 'HALF', 'DOUBLE', 'FASTER', 'SLOWER']).nullable(),
  key: z.enum(['SAME', 'RELATIVE', 'NEIGHBOUR', 'DISTANT']).nullable(),
  crossfadeMs: z.number(),
});
export type Transition = z.infer<typeof Transition>;

export interface Sound {
  readonly tempo: number | null;
  readonly musicalKey: string | null;
  readonly loudnessLufs: number | null;
}

const MAX_GAIN_DB = 12;
/** Tempos this near are taken for the same. */
const SAME_TEMPO = 0.04;
const CROSSFADE_MS = { matched: 6_000, otherwise: 3_000 } as const;

export function relate(earlier: Sound, later: Sound): Transition {
  const tempo = relateTempos(earlier.tempo, later.tempo);
  const key = relateKeys(earlier.musicalKey, later.musicalKey);
  const isMatched = tempo === 'SAME' && key !== null && key !== 'DISTANT';
  return {
    gainDb: readGain(earlier.loudnessLufs, later.loudnessLufs),
    tempo,
    key,
    crossfadeMs: isMatched ? CROSSFADE_MS.matched : CROSSFADE_MS.otherwise,
  };
}

function readGain(earlier: number | null, later: number | null): number | null {
  if (earlier === null || later === null) return null;
  const gain = Math.max(-MAX_GAIN_DB, Math.min(MAX_GAIN_DB, earlier - later));
  return Math.round(gain * 10) / 10;
}

function relateTempos(earlier: number | null, later: number | null): Transition['tempo'] {
  if (!earlier || !later) return null;
  const near = (ratio: number) => Math.abs(later / earlier / ratio - 1) <= SAME_TEMPO;
  if (near(1)) return 'SAME';
  if (near(2)) return 'DOUBLE';
  if (near(0.5)) return 'HALF';
  return later > earlier ? 'FASTER' : 'SLOWER';
}

const NOTES = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'];
const FLATS = new Map([
  ['Db', 'C#'],
  ['Eb', 'D#'],
  ['Gb', 'F#'],
  ['Ab', 'G#'],
  ['Bb', 'A#'],
]);

/** Keys a fifth apart, or with the same notes, are neighbours: DJs mix along this circle. */
function relateKeys(earlier: string | null, later: string | null): Transition['key'] {
  const [a, b] = [readKey(earlier), readKey(later)];
  if (!a || !b) return null;
  const steps = (b.place - a.place + 12) % 12;
  if (steps === 0) return a.isMinor === b.isMinor ? 'SAME' : 'RELATIVE';
  return a.isMinor === b.isMinor && (steps === 1 || steps === 11) ? 'NEIGHBOUR' : 'DISTANT';
}

/** Place on the circle of fifths, a minor key at that of its relative major. */
function readKey(key: string | null): { place: number; isMinor: boolean } | null {
  const [name = '', mode] = (key ?? '').split(' ');
  const note = NOTES.indexOf(FLATS.get(name) ?? name);
  if (note < 0) return null;
  const isMinor = mode === 'minor';
  return { place: ((isMinor ? note + 3 : note) * 7) % 12, isMinor };
}
