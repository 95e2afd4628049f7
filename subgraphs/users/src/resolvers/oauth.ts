import { payload } from '@volna/platform/errors';

import type { MutationResolvers, OAuthIdentityResolvers, QueryResolvers } from '../generated/graphql.ts';
import type { OAuthIdentity as OAuthIdentityRow, Session } from '../models.ts';
import { completeOAuth } from '../oauth/complete-oauth.ts';
import { describeProvider } from '../oauth/oauth.ts';
import { startOAuth } from '../oauth/start-oauth.ts';
import { unlinkOAuth } from '../oauth/unlink-oauth.ts';
import { ok } from './payloads.ts';

export const oauthQueries: Pick<QueryResolvers, 'oauthProviders'> = {
  oauthProviders: (_root, _args, { oauth }) =>
    [...oauth.providers.values()].map(({ id, name }) => ({ id, name })),
};

export const oauthMutations: Pick<MutationResolvers, 'startOAuth' | 'completeOAuth' | 'unlinkOAuth'> = {
  startOAuth: (_root, { input }, context) =>
    payload<{ url: string; attempt: string }>({ url: null, attempt: null }, () => startOAuth(context, input)),
  completeOAuth: (_root, { input }, context) =>
    payload<{ session: Session | null; identity: OAuthIdentityRow | null }>(
      { session: null, identity: null },
      () => completeOAuth(context, input),
    ),
  unlinkOAuth: (_root, { input }, context) => ok(() => unlinkOAuth(context, input.provider)),
};

export const OAuthIdentity: OAuthIdentityResolvers = {
  provider: ({ provider }, _args, { oauth }) => describeProvider(oauth, provider),
};
