import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { askEntity } from '@volna/platform/testing/entities';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { type SessionUsers, startSessionUsers, viewerOf } from './testing/session-users.ts';

const PRIVATE =
  'email roles emailVerified settings { locale } sessions { id } apiKeys { id } identities { email } dataRequests { id }';
const other = aViewer();
const admin = aViewer({ roles: ['USER', 'ADMIN'], scopes: ['admin'] });

let users: SessionUsers;
let owner: Viewer;
beforeAll(async () => {
  users = await startSessionUsers();
  owner = viewerOf((await users.register('alice')).accessToken);
});
afterAll(async () => users[Symbol.asyncDispose]());

/** What is told of an account to a forger who claims all that a row could say for them. */
const tell = async (viewer: Viewer | null, id: string, fields = `id username ${PRIVATE}`, key = 'id') =>
  askEntity(
    users.users.subgraph,
    viewer,
    { __typename: 'User', [key]: id, deactivatedAt: null, roles: ['ADMIN'], email: 'x@example.org' },
    fields,
  );

const nothing = (text: string) =>
  Object.values((JSON.parse(text) as { data: { _entities: [Record<string, unknown>] } }).data._entities[0])
    .slice(1)
    .every((value) => value === null);

describe('representations sent straight to users', () => {
  it('tell what is private of an account to itself, in part to an ADMIN, and to others nothing', async () => {
    expect(await tell(owner, owner.userId)).toMatch(/"email":"alice.*"sessions":\[\{.*"apiKeys":\[\]/);
    expect(await tell(admin, owner.userId)).toMatch(
      /"email":"alice.*"settings":null.*"apiKeys":null,"identities":null,"dataRequests":null/,
    );
    for (const who of [other, null]) expect(nothing(await tell(who, owner.userId, PRIVATE))).toBe(true);
  });

  it('tell of an account that is deactivated as of one that is not there', async () => {
    const where = { id: owner.userId };
    await users.db.user.update({ where, data: { deactivatedAt: new Date() } });
    for (const key of ['id', 'nodeKey']) {
      expect(await tell(admin, owner.userId, 'username', key)).toContain('alice');
      for (const who of [other, null]) {
        const missing = await tell(who, newId('User'), undefined, key);
        expect(await tell(who, owner.userId, undefined, key)).toBe(missing);
      }
    }
  });
});
