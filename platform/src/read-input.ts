import type { z } from 'zod';

import { UserError, UserErrors } from './errors.ts';

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
