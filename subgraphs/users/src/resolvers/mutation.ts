import { login } from '../domain/login.ts';
import { register } from '../domain/register.ts';
import { requestPasswordReset } from '../domain/request-password-reset.ts';
import { resetPassword } from '../domain/reset-password.ts';
import type { MutationResolvers } from '../generated/graphql.ts';
import { dataRequestMutations } from './data-requests.ts';
import { ok, session } from './payloads.ts';
import { sessionMutations } from './session-mutations.ts';

export const Mutation: MutationResolvers = {
  ...sessionMutations,
  ...dataRequestMutations,
  register: (_root, { input }, context) => session(() => register(context, input)),
  login: (_root, { input }, context) => session(() => login(context, input)),
  requestPasswordReset: (_root, { input }, context) => ok(() => requestPasswordReset(context, input.email)),
  resetPassword: (_root, { input }, context) => ok(() => resetPassword(context, input)),
};
