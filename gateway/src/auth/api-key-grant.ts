import { randomUUID } from 'node:crypto';

import type { Caller } from '@volna/platform/identity';
import { correlationId } from '@volna/platform/log';
import { z } from 'zod';

import type { Send } from '../executor/index.ts';

const QUERY =
  'query ApiKeyGrant($key: String!) { apiKeyGrant(key: $key) { keyId userId roles scopes expiresAt } }';

const Answer = z.object({
  data: z.object({
    apiKeyGrant: z
      .object({
        keyId: z.string(),
        userId: z.string(),
        roles: z.array(z.string()),
        scopes: z.array(z.string()),
        expiresAt: z.string().nullable(),
      })
      .nullable(),
  }),
});
type Grant = z.infer<typeof Answer>['data']['apiKeyGrant'];

/** Whom a key is from; null for nobody. Throws where nobody can say. */
export type AskGrant = (key: string) => Promise<Grant>;

/** Asks the users subgraph, by a field that clients do not see. */
export function createAskGrant(send: Send<Caller>): AskGrant {
  return async (key) => {
    const body = JSON.stringify({ query: QUERY, variables: { key } });
    const caller = { viewer: null, correlationId: correlationId() || randomUUID(), ip: '', userAgent: '' };
    const answer = Answer.parse(await send('users', body, caller, 'query'));
    return answer.data.apiKeyGrant;
  };
}
