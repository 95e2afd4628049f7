import { join } from 'node:path';

import { EmbeddedBus } from '@volna/platform/bus-embedded';
import { MemoryCache } from '@volna/platform/cache-memory';
import { Viewer } from '@volna/platform/identity';
import { openTestDatabase } from '@volna/platform/testing/database';
import { openDirectoryTwin } from '@volna/platform/testing/objects-twins';
import { type Answer, asCaller } from '@volna/platform/testing/subgraph-client';
import { decodeJwt } from 'jose';

import { type Database, openDatabase } from '../database.ts';
import { startUsers } from '../service.ts';

const ERRORS = 'errors { code path }';
const SESSION = `session { accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt user { id } } ${ERRORS}`;
const REGISTER = `mutation ($input: RegisterInput!) { register(input: $input) { ${SESSION} } }`;
const LOGIN = `mutation ($input: LoginInput!) { login(input: $input) { ${SESSION} } }`;
const REFRESH = `mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { ${SESSION} } }`;

const MIGRATIONS = join(import.meta.dirname, '../../prisma/migrations');
export const PASSWORD = 'correct horse battery';

/** A cache that can be away. */
class AbsentCache extends MemoryCache {
  isAway = false;

  override async get(key: string): Promise<string | null> {
    if (this.isAway) throw new Error('away');
    return super.get(key);
  }
}

/** What a field of an answer holds. */
export type Data = Answer['data'];

/** Somebody who has signed in, as the gateway would tell of them. */
export function viewerOf(accessToken: string): Viewer {
  const { sub: userId, sid: sessionId, roles, scopes } = decodeJwt(accessToken);
  return Viewer.parse({ userId, sessionId, roles, scopes });
}

/** The users subgraph, with what tests look at behind it. */
export async function startSessionUsers() {
  await using started = new AsyncDisposableStack();
  const database = started.use(await openTestDatabase(MIGRATIONS));
  const bus = started.use(await EmbeddedBus.open());
  const cache = started.use(new AbsentCache());
  const { objects } = started.use(await openDirectoryTwin());
  const db: Database = started.adopt(openDatabase(database.url), (open) => open.$disconnect());
  const users = started.use(await startUsers({ databaseUrl: database.url, bus, cache, objects }));
  const as = (viewer: Viewer | null) => asCaller(users.subgraph, viewer);
  const signIn = async (document: string, field: string, input: object): Promise<Data> =>
    (await as(null)(document, { input })).data[field];
  const running = started.move();
  return {
    bus,
    cache,
    db,
    users,
    as,
    register: async (username: string) =>
      (await signIn(REGISTER, 'register', { username, email: `${username}@example.org`, password: PASSWORD }))
        .session,
    login: async (login: string) => (await signIn(LOGIN, 'login', { login, password: PASSWORD })).session,
    refresh: (refreshToken: string) => signIn(REFRESH, 'refreshSession', { refreshToken }),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
export type SessionUsers = Awaited<ReturnType<typeof startSessionUsers>>;
