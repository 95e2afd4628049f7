import { join } from 'node:path';

import { EmbeddedBus } from '@volna/platform/bus-embedded';
import { MemoryCache } from '@volna/platform/cache-memory';
import { Viewer } from '@volna/platform/identity';
import { openTestDatabase } from '@volna/platform/testing/database';
import { openDirectoryTwin } from '@volna/platform/testing/objects-twins';
import { type Answer, asCaller } from '@volna/platform/testing/subgraph-client';
import { decodeJwt } from 'jose';

import { type Database, openDatabase } from '../database.ts';
import type { OAuthSettings } from '../oauth/config.ts';
import { startUsers } from '../service.ts';
import { REDIRECT_URI } from './openid-provider.ts';
import { clientOperation } from './operations.ts';

const ERRORS = 'errors { code message path }';
const SESSION = `session { accessToken user { id username email emailVerified displayName } } ${ERRORS}`;
const REGISTER = `mutation ($input: RegisterInput!) { register(input: $input) { ${SESSION} } }`;
const COMPLETE = `mutation ($input: CompleteOAuthInput!) { completeOAuth(input: $input) { identity { provider { id name } email } ${SESSION} } }`;

const MIGRATIONS = join(import.meta.dirname, '../../prisma/migrations');
export const PASSWORD = 'correct horse battery';

/** The users subgraph with providers, and what its clients do. */
export async function startOAuthUsers(providers: OAuthSettings['providers']) {
  await using started = new AsyncDisposableStack();
  const database = started.use(await openTestDatabase(MIGRATIONS));
  const bus = started.use(await EmbeddedBus.open());
  const cache = started.use(new MemoryCache());
  const { objects } = started.use(await openDirectoryTwin());
  const db: Database = started.adopt(openDatabase(database.url), (open) => open.$disconnect());
  const oauth = { providers, redirectUris: [REDIRECT_URI] };
  const users = started.use(await startUsers({ databaseUrl: database.url, bus, cache, objects, oauth }));
  const as = (viewer: Viewer | null) => asCaller(users.subgraph, viewer);
  const running = started.move();
  return {
    db,
    cache,
    as,
    async register(username: string) {
      const input = { username, email: `${username}@example.org`, password: PASSWORD };
      return viewerOf((await as(null)(REGISTER, { input })).data.register.session.accessToken);
    },
    async start(provider: string, viewer: Viewer | null = null, more: object = {}) {
      const input = {
        provider,
        redirectUri: REDIRECT_URI,
        link: viewer !== null,
        password: viewer && PASSWORD,
        ...more,
      };
      return mutate(as(viewer)(clientOperation('StartOAuth'), { input }), 'startOAuth');
    },
    /** With what the provider put into the address `back`. */
    async complete(attempt: string, back: URL, viewer: Viewer | null = null) {
      const input = { attempt, ...Object.fromEntries(knownParameters(back)) };
      return mutate(as(viewer)(COMPLETE, { input }), 'completeOAuth');
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

export type OAuthUsers = Awaited<ReturnType<typeof startOAuthUsers>>;

/** Whom an access token is from; the gateway is what verifies it. */
export function viewerOf(accessToken: string): Viewer {
  const { sub, sid, roles } = decodeJwt(accessToken);
  return Viewer.parse({ userId: sub, sessionId: sid, roles, scopes: [] });
}

async function mutate(answer: Promise<Answer>, field: string) {
  const { data, errors } = await answer;
  return data?.[field] ?? { topLevel: errors?.[0]?.extensions.code };
}

function knownParameters({ searchParams }: URL): [string, string][] {
  return [...searchParams].filter(([name]) => ['state', 'code', 'error', 'iss'].includes(name));
}
