import { z } from 'zod';

/** One size of a picture, as stored. */
export const Image = z.object({
  size: z.enum(['SMALL', 'MEDIUM', 'LARGE']),
  key: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  /** The colour that most of the picture has: `#rrggbb`. */
  color: z.string().optional(),
  /** A blurred stand-in for it: https://blurha.sh. */
  blurhash: z.string().optional(),
});
