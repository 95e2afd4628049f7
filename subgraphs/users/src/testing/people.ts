/* oxlint-disable typescript/no-explicit-any -- a test states the shape it expects when it asserts */
import { join } from 'node:path';

import { EmbeddedBus } from '@volna/platform/bus-embedded';
import type { Cache } from '@volna/platform/cache';
import { MemoryCache } from '@volna/platform/cache-memory';
import { type Caller, Viewer } from '@volna/platform/identity';
import { openTestDatabase } from '@volna/platform/testing/database';
import { openDirectoryTwin } from '@volna/platform/testing/objects-twins';
import { aCaller } from '@volna/platform/testing/subgraph-client';
import { decodeJwt } from 'jose';

import { openDatabase } from '../database.ts';
import { startUsers, type UsersOptions } from '../service.ts';
import { openLetterBox } from './letter-box.ts';
import { clientOperation } from './operations.ts';

const MIGRATIONS = join(import.meta.dirname, '../../prisma/migrations');
export const PASSWORD = 'correct horse battery';

/** Asks by an operation that clients are given; top-level errors are told as `{ refused: code }`. */
export type Ask = (operation: string, input?: object, variables?: object) => Promise<any>;

export interface Person {
  readonly id: string;
  readonly viewer: Viewer;
  readonly ask: Ask;
}

export interface PeopleOptions extends Partial<Omit<UsersOptions, 'cache'>> {
  readonly cache?: Cache;
}

/** The users subgraph with those who use it. */
export async function openPeople(options: PeopleOptions = {}) {
  await using started = new AsyncDisposableStack();
  const database = started.use(await openTestDatabase(MIGRATIONS));
  const bus = started.use(await EmbeddedBus.open());
  const cache = options.cache ?? started.use(new MemoryCache());
  const { objects } = started.use(await openDirectoryTwin());
  const db = started.adopt(openDatabase(database.url), (open) => open.$disconnect());
  const users = started.use(await startUsers({ databaseUrl: database.url, bus, objects, ...options, cache }));
  const mailbox = started.use(await openLetterBox(bus));

  const as =
    (caller: Partial<Caller> = {}): Ask =>
    async (operation, input, variables = {}) => {
      const request = { query: clientOperation(operation), variables: { input, ...variables } };
      const result = JSON.parse(
        JSON.stringify(await users.subgraph.execute(request, { ...aCaller(), ...caller })),
      );
      if (result.errors) return { refused: result.errors[0].extensions.code };
      return Object.values(result.data)[0];
    };
  const toPerson = (session: { accessToken: string }, caller: Partial<Caller>): Person => {
    const { sub, sid, roles } = decodeJwt(session.accessToken);
    const viewer = Viewer.parse({ userId: sub, sessionId: sid, roles, scopes: [] });
    return { id: viewer.userId, viewer, ask: as({ ...caller, viewer }) };
  };
  const running = started.move();
  return {
    users,
    db,
    bus,
    cache,
    mailbox,
    databaseUrl: database.url,
    as,
    async register(username: string, caller: Partial<Caller> = {}): Promise<Person> {
      const input = { username, email: `${username}@example.org`, password: PASSWORD };
      const { session } = await as(caller)('Register', input);
      return toPerson(session, caller);
    },
    async signIn(login: string, caller: Partial<Caller> = {}, password = PASSWORD): Promise<Person> {
      const { session } = await as(caller)('Login', { login, password });
      return toPerson(session, caller);
    },
    /** Makes somebody an ADMIN whose token says so. */
    async crown({ id, viewer, ask: _ask }: Person): Promise<Person> {
      await db.user.update({ where: { id }, data: { roles: ['USER', 'ADMIN'] } });
      const admin: Viewer = { ...viewer, roles: ['USER', 'ADMIN'] };
      return { id, viewer: admin, ask: as({ viewer: admin }) };
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

export type People = Awaited<ReturnType<typeof openPeople>>;
