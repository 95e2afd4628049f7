import { cleanLines } from '@volna/platform/clean-text';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Context } from '../context.ts';
import type { UpdateProfileInput } from '../generated/graphql.ts';
import type { User } from '../models.ts';
import { isCountry } from '../names/countries.ts';
import { DisplayName, Username, usernameKeys } from './account-rules.ts';
import { audit } from './audit.ts';
import { refuseTaken } from './refuse-taken.ts';

const LONGEST_BIO = 1000;

const Profile = z.object({
  username: Username.nullish(),
  displayName: DisplayName.nullish(),
  bio: z
    .string()
    .max(4 * LONGEST_BIO)
    .transform(cleanLines)
    .pipe(z.string().max(LONGEST_BIO, 'at most 1,000 characters'))
    .transform((bio) => bio || null)
    .nullish(),
  country: z.string().refine(isCountry, 'two letters of ISO 3166-1, as DE').nullish(),
});

/** Changes what others see of the viewer. */
export async function updateProfile(context: Context, input: UpdateProfileInput): Promise<User> {
  const { userId } = context.requireViewer();
  const { username, displayName, bio, country } = readInput(Profile, input);
  const changes = {
    ...(username ? { username, ...usernameKeys(username) } : {}),
    ...(displayName ? { displayName } : {}),
    ...(bio === undefined ? {} : { bio }),
    ...(country === undefined ? {} : { country }),
  };
  return refuseTaken(() =>
    context.db.$transaction(async (tx) => {
      const user = await tx.user.update({ where: { id: userId }, data: changes });
      const changed = Object.keys(changes).filter((name) => !name.endsWith('Key'));
      await audit(tx, context, 'user.profile-changed', { details: { changed } });
      return user;
    }),
  );
}
