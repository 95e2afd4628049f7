import { cleanLine } from '@volna/platform/clean-text';
import { z } from 'zod';

import { lookAlikeKey } from '../names/look-alike-key.ts';
import { isOfOneScript } from '../names/scripts.ts';
import { isCommonPassword } from './common-passwords.ts';

/** What must be unique of a name: without case and without compatible look-alikes. */
export function uniqueKey(value: string): string {
  return value.normalize('NFKC').toLowerCase().trim();
}

/** All that is unique of a username. */
export function usernameKeys(username: string): { usernameKey: string; lookAlikeKey: string } {
  return { usernameKey: uniqueKey(username), lookAlikeKey: lookAlikeKey(username) };
}

export const Password = z
  .string()
  .min(8, 'a password has at least 8 characters')
  .max(256, 'a password has at most 256 characters')
  .refine(
    (password) => !isCommonPassword(password),
    'this password is among the first that others would try',
  );

/** A password that is not a name of its account either. */
export function passwordFor(names: readonly (string | null | undefined)[]) {
  return Password.refine((password) => !isName(password, names), 'a name is no password');
}

function isName(password: string, names: readonly (string | null | undefined)[]): boolean {
  const known = names.filter((name) => typeof name === 'string').flatMap(namesOf);
  return known.includes(uniqueKey(password));
}

/** An e-mail address is known by its first part, too. */
function namesOf(name: string): string[] {
  const key = uniqueKey(name);
  return [key, key.split('@')[0] ?? key];
}

/** Letters carry their marks; a digit is one of ten, since those of other scripts look like other digits. */
export const Username = z
  .string()
  .max(200)
  .transform((username) => username.normalize('NFKC').trim())
  .pipe(
    z
      .string()
      .regex(
        /^(?=.{3,30}$)[\p{L}0-9._-](?:[\p{L}0-9._-]|\p{M}{1,3}(?!\p{M}))*$/u,
        'a username has 3–30 letters, digits, dots, dashes or underscores',
      )
      .regex(/[\p{L}0-9]/u, 'a username has a letter or a digit')
      .regex(/^\P{Default_Ignorable_Code_Point}*$/u, 'a username has no invisible letters')
      .refine(isOfOneScript, 'the letters of a username are of one script'),
  );

export const DisplayName = z
  .string()
  .max(1000)
  .transform(cleanLine)
  .pipe(z.string().min(1, 'a name cannot be empty').max(60, 'a name has at most 60 characters'));

export const Email = z.string().trim().max(254).pipe(z.email('not an e-mail address'));

export const NewAccount = z
  .object({ username: Username, email: Email, password: Password, displayName: DisplayName.nullish() })
  .superRefine(({ username, email, password, displayName }, context) => {
    if (!isName(password, [username, email, displayName])) return;
    context.addIssue({ code: 'custom', message: 'a name is no password', path: ['password'] });
  });
