import type { MutationResolvers } from '../generated/graphql.ts';
import { accountMutations } from './account-mutations.ts';
import { adminMutations } from './admin.ts';
import { apiKeyMutations } from './api-keys.ts';
import { dataRequestMutations } from './data-requests.ts';
import { letterMutations } from './letters.ts';
import { oauthMutations } from './oauth.ts';
import { sessionMutations } from './session-mutations.ts';

export const Mutation: MutationResolvers = {
  ...accountMutations,
  ...adminMutations,
  ...sessionMutations,
  ...apiKeyMutations,
  ...dataRequestMutations,
  ...oauthMutations,
  ...letterMutations,
};
