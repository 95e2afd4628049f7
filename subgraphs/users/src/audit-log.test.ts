import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@volna/events';
import { watchStatements } from '@volna/platform/testing/statements';

import { openPeople, PASSWORD, type People, type Person } from './testing/people.ts';

let people: People;
let admin: Person;

beforeAll(async () => {
  people = await openPeople();
  admin = await people.crown(await people.register('root'));
});
afterAll(() => people[Symbol.asyncDispose]());

interface Entry {
  readonly action: string;
  readonly outcome: string;
  readonly actorId: string | null;
  readonly actor: { username: string } | null;
  readonly subjectId: string | null;
  readonly ip: string;
  readonly userAgent: string;
  readonly details: string;
}

async function read(variables: object): Promise<Entry[]> {
  const { edges } = await admin.ask('AuditLog', undefined, variables);
  return edges.map(({ node }: { node: Entry }) => node);
}

/** How many are sent for so many entries. */
async function statementsFor(first: number): Promise<number> {
  using statements = watchStatements();
  expect((await read({ first })).filter(({ actor }) => actor !== null)).toHaveLength(first);
  return statements.texts.filter((text) => /"public"\."(user|audit_entry)"/.test(text)).length;
}

describe('the audit log', () => {
  it('has what somebody did to an account, newest first, and from where', async () => {
    const caller = { ip: '203.0.113.9', userAgent: 'Testfox/1' };
    const person = await people.register('logged', caller);
    await people.as(caller)('Login', { login: 'logged', password: 'wrong one' });
    const again = await people.signIn('logged', caller);
    await again.ask('UpdateProfile', { bio: 'new' });
    await again.ask('UpdateSettings', { locale: 'RU' });
    await again.ask('ChangePassword', { password: PASSWORD, newPassword: 'another long one' });
    await again.ask('RequestRole', { role: 'ARTIST' });
    await again.ask('Logout');

    const entries = await read({ filter: { subjectId: person.id } });
    expect(entries.map(({ action, outcome, actorId }) => [action, outcome, actorId === person.id])).toEqual([
      ['user.logout', 'OK', true],
      ['role.requested', 'OK', true],
      ['password.changed', 'OK', true],
      ['user.settings-changed', 'OK', true],
      ['user.profile-changed', 'OK', true],
      ['user.login', 'OK', true],
      ['user.login', 'REFUSED', false],
      ['user.registered', 'OK', true],
    ]);
    expect(entries.every(({ ip, userAgent }) => ip === caller.ip && userAgent === caller.userAgent)).toBe(
      true,
    );
    expect(entries[0]?.actor?.username).toBe('logged');
  });

  it('does not tell the name of a login that there is not: it may be a password', async () => {
    await people.as()('Login', { login: 'hunter2hunter2', password: 'nobody' });
    const [entry] = await read({ filter: { action: 'user.login' }, first: 1 });
    expect(entry).toMatchObject({ outcome: 'REFUSED', actorId: null, subjectId: null });
    expect(JSON.stringify(entry)).not.toContain('hunter2');
  });

  it('has nothing of what was set, only what it was called', async () => {
    const person = await people.register('secretive');
    await person.ask('UpdateProfile', { bio: 'my secret life', displayName: 'Mystery Guest' });
    const [entry] = await read({ filter: { actorId: person.id, action: 'user.profile-changed' } });
    expect(JSON.parse(entry?.details ?? '')).toEqual({ changed: ['displayName', 'bio'] });
  });

  it('is for ADMINs only', async () => {
    const person = await people.register('nosy');
    expect(await person.ask('AuditLog')).toEqual({ refused: 'FORBIDDEN' });
    expect(await people.as()('AuditLog')).toEqual({ refused: 'UNAUTHENTICATED' });
  });

  it('is filtered by a kind of action and by time', async () => {
    const kinds = await read({ filter: { action: 'role.' } });
    expect(new Set(kinds.map(({ action }) => action))).toEqual(new Set(['role.requested']));
    expect(await read({ filter: { action: 'role' } })).toEqual([]);
    const later = new Date(Date.now() + 60_000).toISOString();
    expect(await read({ filter: { from: later } })).toEqual([]);
    expect((await read({ filter: { to: later } })).length).toBeGreaterThan(5);
  });

  it('gives pages that neither repeat nor skip while it grows', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: {
        edges: { node: { id: string } }[];
        pageInfo: { hasNextPage: boolean; endCursor: string };
      } = await admin.ask('AuditLog', undefined, { first: 3, after, filter: { action: 'user.' } });
      seen.push(...page.edges.map(({ node }) => node.id));
      await people.as()('Login', { login: 'nobody-at-all', password: 'x' });
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after);
    const ids = seen.map(Number);
    expect(ids).toEqual(ids.toSorted((one, other) => other - one));
    expect(new Set(ids).size).toBe(ids.length);
    expect(await admin.ask('AuditLog', undefined, { after: 'bm9uc2Vuc2U' })).toEqual({
      refused: 'BAD_USER_INPUT',
    });
  });

  it('costs as many statements for 100 entries as for 10', async () => {
    const users = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const id = newId('User');
        const keys = { usernameKey: id, emailKey: id };
        const names = { username: `u${index}`, email: `${id}@example.org`, displayName: 'U' };
        await people.db.user.create({ data: { id, ...keys, ...names, roles: ['USER'] } });
        return id;
      }),
    );
    await people.db.auditEntry.createMany({
      data: users.map((actorId) => ({ actorId, subjectId: actorId, action: 'user.logout', outcome: 'OK' })),
    });
    expect([await statementsFor(10), await statementsFor(100)]).toEqual([2, 2]);
  });

  it.each([
    ['changed', `UPDATE audit_entry SET outcome = 'OK'`],
    ['given another time', `UPDATE audit_entry SET at = now(), ip = NULL, user_agent = NULL`],
    ['removed', 'DELETE FROM audit_entry'],
    ['emptied', 'TRUNCATE audit_entry'],
  ])('is never %s', async (_what, statement) => {
    const before = await people.db.auditEntry.count();
    await expect(people.db.$executeRawUnsafe(statement)).rejects.toThrow(
      'audit entries are kept as they are',
    );
    expect(await people.db.auditEntry.count()).toBe(before);
  });

  it('loses only where somebody was, when they are erased', async () => {
    const person = await people.register('erasable');
    const { count } = await people.db.auditEntry.updateMany({
      where: { actorId: person.id },
      data: { ip: null, userAgent: null },
    });
    expect(count).toBe(1);
  });
});
