import { z } from 'zod';

/** As it is kept in `track_sound.authenticity`. */
const StoredAuthenticity = z.object({
  status: z.enum(['DONE', 'FAILED']),
  score: z.number().nullable(),
  chunks: z.array(z.object({ startSec: z.number(), endSec: z.number(), score: z.number() })),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type StoredAuthenticity = z.output<typeof StoredAuthenticity>;

/** What clients see of it; PENDING between transcode and analysis, null before. */
export function authenticityOf(sound: { readonly authenticity: unknown } | null) {
  if (!sound) return null;
  if (sound.authenticity === null) {
    return { status: 'PENDING' as const, score: null, chunks: [], error: null };
  }
  const stored = StoredAuthenticity.parse(sound.authenticity);
  return { ...stored, chunks: stored.chunks.map((chunk, index) => ({ ...chunk, index })) };
}
