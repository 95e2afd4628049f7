import { z } from 'zod';

export const MOODS = ['ANY', 'FUN', 'ACTIVE', 'CALM', 'SAD'] as const;
export type Mood = (typeof MOODS)[number];
export const ACTIVITIES = ['ANY', 'WAKE_UP', 'WORK', 'WORKOUT', 'ROAD', 'PARTY', 'SLEEP'] as const;
export type Activity = (typeof ACTIVITIES)[number];
export const FAMILIARITIES = ['DEFAULT', 'FAVOURITE', 'POPULAR', 'DISCOVER'] as const;
export type Familiarity = (typeof FAMILIARITIES)[number];
export const EXPLICIT_POLICIES = ['ALLOW', 'EXCLUDE'] as const;
export type ExplicitPolicy = (typeof EXPLICIT_POLICIES)[number];
export const ENERGY_CURVES = ['FLAT', 'RISE', 'FALL', 'ARC'] as const;
export type EnergyCurve = (typeof ENERGY_CURVES)[number];

/** What a listener asks of a wave. */
export interface WaveWishes {
  readonly mood: Mood;
  readonly activity: Activity;
  readonly familiarity: Familiarity;
  /** Share of picks that try something new, 0 to `MAX_EXPLORATION`. */
  readonly exploration: number;
  /** BCP 47; empty for any. */
  readonly languages: readonly string[];
  readonly explicit: ExplicitPolicy;
  readonly energyCurve: EnergyCurve;
  readonly excludesAiSuspected: boolean;
}

export interface WaveSettings extends WaveWishes {
  /** Equal seeds over equal libraries give equal waves. */
  readonly randomSeed: number;
}

/** What makes a track one that a taste is measured from. */
export const TASTE_SOURCES = ['LIKED', 'ADDED', 'FINISHED'] as const;
export type TasteSource = (typeof TASTE_SOURCES)[number];

/** A track that picks are measured from, with the credit that feedback has left it. */
const AnchorState = z.object({
  trackId: z.string(),
  source: z.enum(['SEED', ...TASTE_SOURCES]),
  /** Weight that credit drifts back to. */
  base: z.number(),
  weight: z.number(),
  /** The listener holds on to it: no feedback makes it weaker. */
  pinned: z.boolean().optional(),
  /** Found in this session: it fades with the tracks that follow. */
  fresh: z.boolean().optional(),
});
export type AnchorState = z.infer<typeof AnchorState>;

/** What a wave has learned, kept as JSON in its row. */
export const WaveState = z.object({
  anchors: z.array(AnchorState),
  /** What each artist's tracks lose, by artist id. */
  penalties: z.record(z.string(), z.number()),
  /** Tracks not wanted in this session. */
  notNow: z.array(z.string()),
  /** Title or name of the wave's seed. */
  seedTitle: z.string().nullable(),
  /** Tracks that were shaken off unheard. */
  shaken: z.array(z.string()).default([]),
  /** Up to here, without it, the wave tries more than it is asked to. */
  shakenUntil: z.number().default(0),
  /** Seq at which the curve of energy begins. */
  curveFrom: z.number().default(1),
});
export type WaveState = z.infer<typeof WaveState>;

export function beginState(anchors: readonly AnchorState[], seedTitle: string | null): WaveState {
  return {
    anchors: [...anchors],
    penalties: {},
    notNow: [],
    seedTitle,
    shaken: [],
    shakenUntil: 0,
    curveFrom: 1,
  };
}

/** A track that may be picked. */
export interface Candidate {
  readonly id: string;
  readonly title: string;
  readonly artistId: string;
  readonly artistName: string;
  /** Equal for uploads of one recording. */
  readonly recordingKey: string;
  readonly genres: readonly string[];
  readonly tempo: number | null;
  readonly musicalKey: string | null;
  readonly energy: number | null;
  readonly valence: number | null;
  readonly loudnessLufs: number | null;
  readonly language: string | null;
  readonly explicit: boolean | null;
  readonly isAiSuspected: boolean;
  readonly plays: number;
  readonly createdAt: Date;
  /** Unit length; null for a track that is not analysed. */
  readonly vector: Float32Array | null;
  readonly isLiked: boolean;
  readonly isDisliked: boolean;
  /** When the listener heard it last, in whatever way. */
  readonly heardAt: Date | null;
  readonly albumIds: readonly string[];
  /** What listeners of the anchors are for it; null where nobody can tell. */
  readonly listeners: SharedListeners | null;
}

export interface SharedListeners {
  /** 0–1, with the weights of the anchors in it. */
  readonly score: number;
  /** The anchor that speaks loudest. */
  readonly anchorId: string;
  /** How many listeners the two have in common. */
  readonly support: number;
}

/** An album that may be picked as a whole: all of it is open, and nothing of it refused. */
export interface WaveAlbum {
  readonly id: string;
  /** In order. */
  readonly trackIds: readonly string[];
  readonly hasExplicit: boolean;
  readonly hasAiSuspected: boolean;
}

/** An anchor with what is known of its track. */
export interface Anchor extends AnchorState {
  readonly title: string;
  readonly artistId: string;
  readonly genres: readonly string[];
  readonly tempo: number | null;
  readonly energy: number | null;
  readonly valence: number | null;
  readonly vector: Float32Array | null;
}
