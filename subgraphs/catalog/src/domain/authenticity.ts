import { z } from 'zod';

/** As it is kept in `track_sound.authenticity`. */
export const StoredAuthenticity = z.object({
  status: z.enum(['DONE', 'FAILED']),
  score: z.number().nullable(),
  chunks: z.array(z.object({ startSec: z.number(), endSec: z.number(), score: z.number() })),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type StoredAuthenticity = z.output<typeof StoredAuthenticity>;
