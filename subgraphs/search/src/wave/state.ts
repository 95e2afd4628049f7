import { z } from 'zod';

export type Mood = 'ANY' | 'FUN' | 'ACTIVE' | 'CALM' | 'SAD';
export type Activity = 'ANY' | 'WAKE_UP' | 'WORK' | 'WORKOUT' | 'ROAD' | 'PARTY' | 'SLEEP';
export type Familiarity = 'DEFAULT' | 'FAVOURITE' | 'POPULAR' | 'DISCOVER';

/** What the listener asked for when the wave was started. */
export interface WaveSettings {
  readonly mood: Mood;
  readonly activity: Activity;
  readonly familiarity: Familiarity;
  /** Share of picks that try something new, 0 to `MAX_EXPLORATION`. */
  readonly exploration: number;
  /** Equal seeds over equal libraries give equal waves. */
  readonly randomSeed: number;
}

/** A track that picks are measured from, with the credit that feedback has left it. */
const AnchorState = z.object({
  trackId: z.string(),
  source: z.enum(['SEED', 'LIKED', 'FINISHED']),
  /** Weight that credit drifts back to. */
  base: z.number(),
  weight: z.number(),
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
});
export type WaveState = z.infer<typeof WaveState>;

/** What a track's score is made of. */
const Terms = z.object({
  base: z.number(),
  artist: z.number(),
  context: z.number(),
  familiarity: z.number(),
  chance: z.number(),
});
export type Terms = z.infer<typeof Terms>;

/** What the listener asked for, in words, where the track is near it. */
const asked = z.string().optional();

/** Why a track was picked: stored with the pick, shown to the listener, used to credit the anchor. */
export const Decision = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('LIKED'),
    anchorId: z.string(),
    anchorTitle: z.string(),
    source: z.enum(['LIKED', 'FINISHED']),
    similarity: z.number(),
    weight: z.number(),
    terms: Terms,
    asked,
  }),
  z.object({
    kind: z.literal('SEED'),
    seed: z.string(),
    seedTitle: z.string(),
    anchorId: z.string(),
    similarity: z.number(),
    weight: z.number(),
    terms: Terms,
    asked,
  }),
  z.object({ kind: z.literal('POPULAR'), plays: z.number(), terms: Terms, asked }),
  z.object({
    kind: z.literal('FRESH'),
    uploadedAt: z.string(),
    heard: z.boolean(),
    genre: z.string().optional(),
    terms: Terms,
    asked,
  }),
  z.object({ kind: z.literal('EXPLORING'), testing: z.string(), terms: Terms, asked }),
]);
export type Decision = z.infer<typeof Decision>;

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
  readonly energy: number | null;
  readonly valence: number | null;
  readonly plays: number;
  readonly createdAt: Date;
  /** Unit length; null for a track that is not analysed. */
  readonly vector: Float32Array | null;
  readonly isLiked: boolean;
  readonly isDisliked: boolean;
  /** When the listener heard it last, in whatever way. */
  readonly heardAt: Date | null;
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

export interface WavePick {
  readonly trackId: string;
  readonly score: number;
  readonly exploratory: boolean;
  readonly reason: Decision;
}
