import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sessionsRevoked, userRolesChanged } from '@volna/events';

import { runMakeAdmin } from './commands/make-admin.ts';
import { openPeople, PASSWORD, type People, type Person } from './testing/people.ts';

let people: People;
let admin: Person;

beforeAll(async () => {
  people = await openPeople();
  admin = await people.crown(await people.register('root'));
});
afterAll(() => people[Symbol.asyncDispose]());

const codesOf = ({ errors }: { errors: { code: string }[] }) => errors.map(({ code }) => code);

async function lastFact(subject: string) {
  const row = await people.db.outbox.findFirst({ where: { subject }, orderBy: { id: 'desc' } });
  return row?.payload;
}

describe('a wish for a role', () => {
  it('is decided once, by an ADMIN, and takes effect at once', async () => {
    const person = await people.register('wisher');
    const wish = await person.ask('RequestRole', { role: 'ARTIST', note: ' I sing.\u200B ' });
    expect(wish).toMatchObject({
      errors: [],
      roleRequest: { role: 'ARTIST', state: 'PENDING', note: 'I sing.' },
    });
    expect(codesOf(await person.ask('RequestRole', { role: 'ARTIST' }))).toEqual(['ALREADY_REQUESTED']);
    expect(codesOf(await person.ask('RequestRole', { role: 'USER' }))).toEqual(['ALREADY_HAS_ROLE']);

    const input = { requestId: wish.roleRequest.id, approve: true, reason: 'welcome' };
    expect(await person.ask('DecideRoleRequest', input)).toEqual({ refused: 'FORBIDDEN' });
    const decided = await admin.ask('DecideRoleRequest', input);
    expect(decided.roleRequest).toMatchObject({ state: 'APPROVED', reason: 'welcome' });
    expect(codesOf(await admin.ask('DecideRoleRequest', input))).toEqual(['ALREADY_DECIDED']);
    expect(codesOf(await admin.ask('DecideRoleRequest', { ...input, requestId: 'none' }))).toEqual([
      'NOT_FOUND',
    ]);

    expect(await lastFact(userRolesChanged.subject)).toEqual({
      userId: person.id,
      roles: ['USER', 'ARTIST'],
    });
    expect(await lastFact(sessionsRevoked.subject)).toMatchObject({ sessionIds: [person.viewer.sessionId] });
    expect((await people.signIn('wisher')).viewer.roles).toEqual(['USER', 'ARTIST']);
  });

  it('that is refused changes nothing, and may be made again', async () => {
    const person = await people.register('refused');
    const { roleRequest } = await person.ask('RequestRole', { role: 'ADMIN' });
    const { errors } = await admin.ask('DecideRoleRequest', { requestId: roleRequest.id, approve: false });
    expect(errors).toEqual([]);
    expect((await person.ask('MyAccount')).roles).toEqual(['USER']);
    expect(codesOf(await person.ask('RequestRole', { role: 'ADMIN' }))).toEqual([]);
  });

  it('that is made twice at once is one', async () => {
    const person = await people.register('hasty');
    const both = await Promise.all([1, 2].map(() => person.ask('RequestRole', { role: 'ARTIST' })));
    expect(both.flatMap(codesOf)).toEqual(['ALREADY_REQUESTED']);
  });

  it('is read by ADMINs only, page by page, oldest first', async () => {
    expect(await people.as()('RoleRequests')).toEqual({ refused: 'UNAUTHENTICATED' });
    const person = await people.register('curious');
    expect(await person.ask('RoleRequests')).toEqual({ refused: 'FORBIDDEN' });

    const all = await admin.ask('RoleRequests', undefined, { state: null });
    const first = await admin.ask('RoleRequests', undefined, { state: null, first: 2 });
    const rest = await admin.ask('RoleRequests', undefined, { state: null, after: first.pageInfo.endCursor });
    expect([...first.edges, ...rest.edges]).toEqual(all.edges);
    expect(all.edges[0].node).toMatchObject({ user: { username: 'wisher' }, state: 'APPROVED' });
    const pending = await admin.ask('RoleRequests', undefined, { state: 'PENDING' });
    expect(pending.edges.map(({ node }: { node: { state: string } }) => node.state)).toEqual([
      'PENDING',
      'PENDING',
    ]);
  });
});

describe('roles', () => {
  it('are set by an ADMIN; everybody keeps USER', async () => {
    const person = await people.register('settee');
    const input = { userId: person.id, roles: ['ADMIN', 'ARTIST'] };
    expect(await person.ask('SetRoles', input)).toEqual({ refused: 'FORBIDDEN' });
    expect((await admin.ask('SetRoles', input)).user.roles).toEqual(['USER', 'ARTIST', 'ADMIN']);
    expect((await admin.ask('SetRoles', { userId: person.id, roles: [] })).user.roles).toEqual(['USER']);
    expect(codesOf(await admin.ask('SetRoles', { userId: 'nobody', roles: [] }))).toEqual(['NOT_FOUND']);
  });

  it('that stay as they are end no token', async () => {
    const person = await people.register('sameone');
    const before = await people.db.outbox.count();
    await admin.ask('SetRoles', { userId: person.id, roles: ['USER'] });
    expect(await people.db.outbox.count()).toBe(before);
  });

  it('leave one ADMIN at least, also when two take it from one another at once', async () => {
    expect(codesOf(await admin.ask('SetRoles', { userId: admin.id, roles: [] }))).toEqual(['LAST_ADMIN']);
    const second = await people.crown(await people.register('second'));
    const both = await Promise.all([
      admin.ask('SetRoles', { userId: second.id, roles: [] }),
      second.ask('SetRoles', { userId: admin.id, roles: [] }),
    ]);
    expect(both.flatMap(codesOf)).toEqual(['LAST_ADMIN']);
    expect(await people.db.user.count({ where: { roles: { has: 'ADMIN' } } })).toBe(1);
  });

  it('of an ADMIN who is deactivated do not count', async () => {
    const left = await people.crown(await people.register('leaver'));
    expect(await left.ask('DeactivateAccount', { password: PASSWORD })).toEqual({ ok: true, errors: [] });
    const ruler = await people.db.user.findFirstOrThrow({
      where: { roles: { has: 'ADMIN' }, deactivatedAt: null },
    });
    expect(codesOf(await admin.ask('SetRoles', { userId: ruler.id, roles: [] }))).toEqual(['LAST_ADMIN']);
  });
});

describe('the first ADMIN', () => {
  it('is made on the word of whoever holds the database, which is logged', async () => {
    const person = await people.register('founder');
    const run = (name: string) => runMakeAdmin(people.databaseUrl, name);
    expect(await run('Founder')).toBe('Founder is an ADMIN now');
    expect(await run('founder')).toBe('founder is an ADMIN already');
    await expect(run('nobody')).rejects.toThrow('nobody is called nobody: register first');

    const logged = await people.db.auditEntry.findMany({
      where: { subjectId: person.id, action: 'user.roles-changed' },
    });
    expect(logged).toEqual([
      expect.objectContaining({
        actorId: null,
        details: { before: ['USER'], roles: ['USER', 'ADMIN'], by: 'command' },
      }),
    ]);
    expect(await lastFact(userRolesChanged.subject)).toEqual({ userId: person.id, roles: ['USER', 'ADMIN'] });
    expect(await lastFact(sessionsRevoked.subject)).toMatchObject({ sessionIds: [person.viewer.sessionId] });
    expect((await people.signIn('founder')).viewer.roles).toEqual(['USER', 'ADMIN']);
  });
});
