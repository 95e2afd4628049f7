import { z } from 'zod';

import type { Authenticity, AuthenticityStatus } from '../generated/graphql.ts';
import type { AuthenticityReview } from '../generated/prisma/client.ts';

/** As it is kept in `track_sound.authenticity`. */
const StoredAuthenticity = z.object({
  status: z.enum(['LIKELY_HUMAN', 'SUSPECTED', 'UNKNOWN', 'FAILED']),
  score: z.number().nullable(),
  model: z.string().nullable().default(null),
  knownEngines: z.array(z.string()).default([]),
  chunks: z.array(
    z.object({ index: z.number().optional(), startSec: z.number(), endSec: z.number(), score: z.number() }),
  ),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type StoredAuthenticity = z.input<typeof StoredAuthenticity>;

/** That nothing could be heard that the model judges is no failure. */
const NOTHING_TO_JUDGE = new Set(['NO_SPEECH', 'SILENT']);

export function withoutEstimate(error: { code: string; message: string }): StoredAuthenticity {
  const status = NOTHING_TO_JUDGE.has(error.code) ? 'UNKNOWN' : 'FAILED';
  return { status, score: null, chunks: [], error };
}

interface Sound {
  readonly authenticity: unknown;
}

/** What a client sees of it; PENDING between transcode and analysis, null before. */
export function authenticityOf(
  sound: Sound | null,
  review: AuthenticityReview | null,
  seesAll: boolean,
): Authenticity | null {
  if (!sound) return null;
  const stored = sound.authenticity === null ? null : StoredAuthenticity.parse(sound.authenticity);
  const estimate = stored?.status ?? 'PENDING';
  const status = statusOf(review) ?? estimate;
  if (!seesAll || !stored) return { status, chunks: [], knownEngines: [] };
  const chunks = stored.chunks.map((chunk, place) => ({ ...chunk, index: chunk.index ?? place }));
  return { ...stored, status, estimate, chunks, review };
}

function statusOf(review: AuthenticityReview | null): AuthenticityStatus | null {
  if (!review?.verdict) return null;
  return review.verdict === 'CLEARED' ? 'LIKELY_HUMAN' : 'SUSPECTED';
}
