import { z } from 'zod';

/** What must be unique of a name: without case and without compatible look-alikes. */
export function uniqueKey(value: string): string {
  return value.normalize('NFKC').toLowerCase().trim();
}

export const Password = z
  .string()
  .min(8, 'a password has at least 8 characters')
  .max(256, 'a password has at most 256 characters');

export const NewAccount = z.object({
  username: z
    .string()
    .trim()
    .regex(/^[\p{L}\p{N}._-]{3,30}$/u, 'a username has 3–30 letters, digits, dots, dashes or underscores'),
  email: z.string().trim().max(254).pipe(z.email('not an e-mail address')),
  password: Password,
  displayName: z.string().trim().min(1).max(60, 'a name has at most 60 characters').nullish(),
});
