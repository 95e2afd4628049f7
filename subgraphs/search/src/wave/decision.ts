import { z } from 'zod';

import { TASTE_SOURCES } from './state.ts';

/** What a track's score is made of. */
const Terms = z.object({
  /** What the strongest reason gives. */
  base: z.number(),
  artist: z.number(),
  context: z.number(),
  familiarity: z.number(),
  chance: z.number(),
  language: z.number().default(0),
  energyCurve: z.number().default(0),
  diversity: z.number().default(0),
});
export type Terms = z.infer<typeof Terms>;

/** What a pick is held to, in the words of the API. */
export const RULES = [
  'NOT_REFUSED',
  'LANGUAGE',
  'EXPLICIT',
  'NOT_AI_SUSPECTED',
  'FITS_REQUEST',
  'RESTED',
  'NOT_THE_SAME_SOUND',
  'ALBUM_SPACED',
  'ARTIST_SPACED',
] as const;
export const Rule = z.enum(RULES);
export type Rule = z.infer<typeof Rule>;

/** What of several true things is told, so that a wave does not say one of them again and again. */
export const ANGLES = ['GROUND', 'DATE', 'GENRE', 'ARTIST', 'FEELING', 'TRAITS', 'NEAR'] as const;
export type Angle = (typeof ANGLES)[number];

/** What every record has, whatever the reason is. */
const shared = {
  terms: Terms,
  /** What the listener asked for, in words, where the track is near it. */
  asked: z.string().optional(),
  /** Rules that the pick keeps, and those that nothing that was left kept. */
  passed: z.array(Rule).default([]),
  relaxed: z.array(Rule).default([]),
  /** The index of sounds did not answer: what is near was not looked for. */
  degraded: z.boolean().optional(),
  angle: z.enum(ANGLES).optional(),
};

/** The anchor that speaks for a pick, and how loudly. */
const anchored = {
  anchorId: z.string(),
  similarity: z.number(),
  weight: z.number(),
  /** It is what the wave began from, and nothing is known of the listener's liking it. */
  isSeed: z.boolean().optional(),
  /** Traits that the two have in common. */
  traits: z.array(z.string()).default([]),
};

const source = z.enum(TASTE_SOURCES);
const anchorTitle = z.string();

/** Why a track was picked: stored with the pick, shown to the listener, used to credit the anchor. */
export const Decision = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('LIKED'), anchorTitle, source, ...anchored, ...shared }),
  z.object({ kind: z.literal('SEED'), seed: z.string(), seedTitle: z.string(), ...anchored, ...shared }),
  /** A track of an artist whose music is near an anchor, or the anchor's own. */
  z.object({
    kind: z.literal('ARTIST'),
    artistId: z.string(),
    artistName: z.string(),
    isSameArtist: z.boolean(),
    anchorTitle,
    ...anchored,
    ...shared,
  }),
  z.object({ kind: z.literal('GENRE'), genre: z.string(), anchorTitle, ...anchored, ...shared }),
  z.object({
    kind: z.literal('LISTENERS'),
    support: z.number(),
    anchorTitle,
    ...anchored,
    ...shared,
  }),
  z.object({ kind: z.literal('POPULAR'), plays: z.number(), ...shared }),
  z.object({
    kind: z.literal('FRESH'),
    uploadedAt: z.string(),
    heard: z.boolean(),
    genre: z.string().optional(),
    artistId: z.string().optional(),
    artistName: z.string().optional(),
    feeling: z.string().optional(),
    ...shared,
  }),
  z.object({ kind: z.literal('EXPLORING'), testing: z.string(), ...shared }),
]);
export type Decision = z.infer<typeof Decision>;

/** A record before it is known how the pick was chosen. */
type Undecided<D> = D extends Decision
  ? Omit<D, 'passed' | 'relaxed' | 'asked' | 'degraded' | 'angle'>
  : never;
export type Reason = Undecided<Decision>;

/** An item that a wave plays next. */
export interface WavePick {
  readonly trackId: string;
  /** Of an album that is to be played from its first track, which is `trackId`, on. */
  readonly albumId: string | null;
  readonly score: number;
  readonly exploratory: boolean;
  readonly reason: Decision;
}
