import { z } from 'zod';

import { SETTINGS } from '../settings.ts';
import type { PasswordCost } from './password.ts';

const usual = SETTINGS.argon2;
const USUAL = `m=${usual.memory},t=${usual.passes},p=${usual.parallelism}`;
/** OWASP's weakest: 7 MiB five times, or more memory fewer times. */
const LEAST_MEMORY = 7_168;
const LEAST_WORK = 5 * LEAST_MEMORY;
/** Above it a sign-in would be an attack on the machine itself. */
const MOST_MEMORY = 1_048_576;

/** Argon2id's parameters as a PHC string has them: `m=19456,t=2,p=1`. Passwords are hashed anew at the next sign-in. */
export const passwordCost = z
  .string()
  .default(USUAL)
  .transform((text, context): PasswordCost => {
    const match = /^m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})$/.exec(text);
    const [memory, passes, parallelism] = (match ?? []).slice(1).map(Number);
    if (memory && passes && parallelism) return { memory, passes, parallelism };
    context.addIssue(`as ${USUAL}: KiB of memory, passes, lanes`);
    return z.NEVER;
  })
  .refine(({ memory }) => memory >= LEAST_MEMORY && memory <= MOST_MEMORY, 'm is from 7168 to 1048576 KiB')
  .refine(({ memory, passes }) => memory * passes >= LEAST_WORK, `m × t is at least ${LEAST_WORK}`);
