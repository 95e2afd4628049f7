import { UserError, UserErrors } from '@volna/platform/errors';
import { z } from 'zod';

/** Parses input of a client; tells all that is wrong with it at once. */
export function readInput<Output>(schema: z.ZodType<Output>, input: unknown): Output {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new UserErrors(
    parsed.error.issues.map(
      ({ message, path }) => new UserError('BAD_USER_INPUT', message, path.map(String)),
    ),
  );
}

export const Title = z
  .string()
  .trim()
  .min(1, 'a title is needed')
  .max(200, 'a title has at most 200 characters');
export const LongText = z.string().trim().max(5000, 'at most 5,000 characters').nullish();
export const TrackIds = z.array(z.string()).min(1, 'name a track').max(100, 'at most 100 tracks at a time');
