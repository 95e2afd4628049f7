import { z } from 'zod';

import { defineEvent } from './definition.ts';
import { ArtistId, UserId } from './ids.ts';

/** Somebody has an account. */
export const userRegistered = defineEvent(
  'users.user.registered',
  z.object({ userId: UserId, username: z.string(), email: z.string(), displayName: z.string() }),
);

/** A user's roles are now exactly these. */
export const userRolesChanged = defineEvent(
  'users.user.roles-changed',
  z.object({
    userId: UserId,
    roles: z.array(z.string()),
    because: z.string(),
    artistId: ArtistId.optional(),
  }),
);
