import { UserError } from '@volna/platform/errors';
import { z } from 'zod';

export const Title = z
  .string()
  .trim()
  .min(1, 'a title is needed')
  .max(200, 'a title has at most 200 characters');
export const LongText = z.string().trim().max(5000, 'at most 5,000 characters').nullish();
export const ShortText = z.string().trim().max(200, 'at most 200 characters').nullish();
export const TrackIds = z.array(z.string()).min(1, 'name a track').max(100, 'at most 100 tracks at a time');
export const Visibility = z.enum(['PRIVATE', 'UNLISTED', 'PUBLIC']);

/** What is wrong with an input by its schema alone, so that what else is wrong can be told with it. */
export function inputErrors(schema: z.ZodType, input: unknown): UserError[] {
  const { error } = schema.safeParse(input);
  return (error?.issues ?? []).map(
    ({ message, path }) => new UserError('BAD_USER_INPUT', message, path.map(String)),
  );
}
