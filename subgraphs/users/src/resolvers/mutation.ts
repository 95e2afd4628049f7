import { payload, type UserErrorRow } from '@volna/platform/errors';

import { login } from '../domain/login.ts';
import { refreshSession } from '../domain/refresh-session.ts';
import { register } from '../domain/register.ts';
import { requestPasswordReset } from '../domain/request-password-reset.ts';
import { resetPassword } from '../domain/reset-password.ts';
import { revokeSession } from '../domain/revoke-session.ts';
import type { MutationResolvers } from '../generated/graphql.ts';
import type { Session } from '../models.ts';

export const Mutation: MutationResolvers = {
  register: (_root, { input }, context) => session(() => register(context, input)),
  login: (_root, { input }, context) => session(() => login(context, input)),
  refreshSession: (_root, { input }, context) => session(() => refreshSession(context, input)),
  logout(_root, _args, context) {
    const { userId, sessionId } = context.requireViewer();
    return ok(() => revokeSession(context, userId, sessionId));
  },
  requestPasswordReset: (_root, { input }, context) => ok(() => requestPasswordReset(context, input.email)),
  resetPassword: (_root, { input }, context) => ok(() => resetPassword(context, input)),
  revokeSession: (_root, { input }, context) =>
    ok(() => revokeSession(context, context.requireViewer().userId, input.sessionId)),
};

function session(run: () => Promise<Session>) {
  return payload<{ session: Session }>({ session: null }, async () => ({ session: await run() }));
}

async function ok(run: () => Promise<{ ok: true }>): Promise<{ ok: boolean; errors: UserErrorRow[] }> {
  const { ok: done, errors } = await payload<{ ok: true }>({ ok: null }, run);
  return { ok: done === true, errors };
}
