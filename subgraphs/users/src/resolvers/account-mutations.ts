import { payload } from '@volna/platform/errors';

import { changePassword } from '../domain/change-password.ts';
import { deactivateAccount } from '../domain/deactivate-account.ts';
import { login } from '../domain/login.ts';
import { register } from '../domain/register.ts';
import { updateProfile } from '../domain/update-profile.ts';
import { updateSettings } from '../domain/update-settings.ts';
import type { MutationResolvers } from '../generated/graphql.ts';
import type { User } from '../models.ts';
import { ok, session } from './payloads.ts';

export const accountMutations = {
  register: (_root, { input }, context) => session(() => register(context, input)),
  login: (_root, { input }, context) => session(() => login(context, input)),
  updateProfile: (_root, { input }, context) => user(() => updateProfile(context, input)),
  updateSettings: (_root, { input }, context) => user(() => updateSettings(context, input)),
  changePassword: (_root, { input }, context) => ok(() => changePassword(context, input)),
  deactivateAccount: (_root, { input }, context) => ok(() => deactivateAccount(context, input)),
} satisfies MutationResolvers;

/** A `UserPayload`. */
export function user(run: () => Promise<User>) {
  return payload<{ user: User }>({ user: null }, async () => ({ user: await run() }));
}
