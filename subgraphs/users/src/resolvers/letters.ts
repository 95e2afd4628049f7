import { ClientError } from '@volna/platform/errors';

import type { MutationResolvers, QueryResolvers } from '../generated/graphql.ts';
import { changeEmail, requestEmailVerification } from '../letters/change-email.ts';
import { listDeadLetters, replayDeadLetter } from '../letters/dead-letters.ts';
import { requestPasswordReset } from '../letters/request-password-reset.ts';
import { resetPassword } from '../letters/reset-password.ts';
import { verifyEmail } from '../letters/verify-email.ts';
import { ok } from './payloads.ts';

const MOST_DEAD_LETTERS = 1_000;

export const letterQueries: QueryResolvers = {
  deadLetters(_root, { first }, context) {
    if (first < 0 || first > MOST_DEAD_LETTERS) {
      throw new ClientError('BAD_USER_INPUT', `first is between 0 and ${MOST_DEAD_LETTERS}`);
    }
    return listDeadLetters(context, first);
  },
};

export const letterMutations: MutationResolvers = {
  requestPasswordReset: (_root, { input }, context) => ok(() => requestPasswordReset(context, input)),
  resetPassword: (_root, { input }, context) => ok(() => resetPassword(context, input)),
  changeEmail: (_root, { input }, context) => ok(() => changeEmail(context, input)),
  requestEmailVerification: (_root, _args, context) => ok(() => requestEmailVerification(context)),
  verifyEmail: (_root, { input }, context) => ok(() => verifyEmail(context, input)),
  replayDeadLetter: (_root, { input }, context) => ok(() => replayDeadLetter(context, input)),
};
