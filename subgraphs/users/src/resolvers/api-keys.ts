import { payload } from '@volna/platform/errors';

import { createApiKey } from '../domain/create-api-key.ts';
import { useApiKey } from '../domain/grant-api-key.ts';
import { introspectToken } from '../domain/introspect-token.ts';
import { revokeApiKey } from '../domain/revoke-api-key.ts';
import type { MutationResolvers, QueryResolvers, Role } from '../generated/graphql.ts';
import { ok } from './payloads.ts';

export const apiKeyMutations: MutationResolvers = {
  createApiKey: (_root, { input }, context) =>
    payload({ apiKey: null, secret: null }, () => createApiKey(context, input)),
  revokeApiKey: (_root, { input }, context) => ok(() => revokeApiKey(context, input.keyId)),
};

export const tokenQueries: QueryResolvers = {
  introspectToken: (_root, { token }, context) => introspectToken(context, token),
  async apiKeyGrant(_root, { key }, context) {
    const grant = await useApiKey(context, key);
    return grant && { ...grant, roles: [...grant.roles] as Role[], scopes: [...grant.scopes] };
  },
};
