import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { explicitContentSet, sessionsRevoked } from '@volna/events';

import { openPeople, PASSWORD, type People } from './testing/people.ts';

const ELSE = 'quite another password';

const codesOf = ({ errors }: { errors: { code: string; path: string[] | null }[] }) =>
  errors.map(({ code, path }) => [code, path?.[0]]);

describe('an account', () => {
  let people: People;

  beforeAll(async () => {
    people = await openPeople();
  });
  afterAll(() => people[Symbol.asyncDispose]());

  it('is not opened under a name that looks like another’s', async () => {
    await people.register('scope');
    const input = { username: 'ѕсоре', email: 'other-scope@example.org', password: PASSWORD };
    expect(codesOf(await people.as()('Register', input))).toEqual([['USERNAME_TAKEN', 'username']]);
  });

  it('is not opened with a password that everybody takes, or that is a name of it', async () => {
    const base = { username: 'Bartholomew', email: 'some-body@example.org' };
    for (const password of ['password1', 'bartholomew', 'some-body']) {
      expect(codesOf(await people.as()('Register', { ...base, password }))).toEqual([
        ['BAD_USER_INPUT', 'password'],
      ]);
    }
  });

  it('of before look-alikes were kept gets its key at the next start', async () => {
    const { id } = await people.register('oldtimer');
    await people.db.user.update({ where: { id }, data: { lookAlikeKey: null } });
    const { keyLookAlikes } = await import('./domain/key-look-alikes.ts');
    await keyLookAlikes(people.db);
    expect((await people.db.user.findUniqueOrThrow({ where: { id } })).lookAlikeKey).toBe('oldtlrner');
  });

  it('writes letters in the language of whoever opens it', async () => {
    const { ask } = await people.register('ruslan', { acceptLanguage: 'ru-RU,ru;q=0.9,en;q=0.8' });
    expect((await ask('MyAccount')).settings.locale).toBe('RU');
  });

  it('shows its changed profile to others', async () => {
    const { ask } = await people.register('anna');
    const input = {
      username: 'Anna_K',
      displayName: '  Anna\u202E  K ',
      bio: 'Sings.\n\n\n\n\nAnd\u200B plays.',
      country: 'DE',
    };
    const { user, errors } = await ask('UpdateProfile', input);
    expect(errors).toEqual([]);
    expect(user).toMatchObject({
      username: 'Anna_K',
      displayName: 'Anna K',
      bio: 'Sings.\n\n\nAnd plays.',
      country: 'DE',
    });
    expect(await people.as()('UserByUsername', undefined, { username: 'anna_k' })).toMatchObject({
      displayName: 'Anna K',
      isActive: true,
    });
    expect(await people.as()('UserByUsername', undefined, { username: 'anna' })).toBeNull();

    const kept = await ask('UpdateProfile', { bio: null });
    expect(kept.user).toMatchObject({ username: 'Anna_K', bio: null, country: 'DE' });
  });

  it('cannot take a name of somebody else, or a country that there is not', async () => {
    await people.register('taken');
    const { ask } = await people.register('taker');
    expect(codesOf(await ask('UpdateProfile', { username: 'TAKEN' }))).toEqual([
      ['USERNAME_TAKEN', 'username'],
    ]);
    expect(codesOf(await ask('UpdateProfile', { username: 'tаken', country: 'ZZ' }))).toEqual([
      ['BAD_USER_INPUT', 'username'],
      ['BAD_USER_INPUT', 'country'],
    ]);
    expect(codesOf(await ask('UpdateProfile', { username: 'taker' }))).toEqual([]);
  });

  it('keeps what is left out of its settings', async () => {
    const { ask } = await people.register('settler');
    const first = { locale: 'EN', explicitContent: true, privateListening: false, signInLetters: true };
    expect((await ask('MyAccount')).settings).toEqual(first);
    await Promise.all([
      ask('UpdateSettings', { locale: 'RU' }),
      ask('UpdateSettings', { privateListening: true }),
    ]);
    const { user } = await ask('UpdateSettings', { explicitContent: false, locale: null });
    expect(user.settings).toEqual({ ...first, locale: 'RU', privateListening: true, explicitContent: false });
    const told = await people.db.outbox.findMany({ where: { subject: explicitContentSet.subject } });
    expect(told.map(({ payload }) => payload)).toEqual([{ userId: user.id, isShown: false }]);
  });

  it('changes its password, which ends every other session and is told by mail', async () => {
    const person = await people.register('cher');
    const other = await people.signIn('cher');
    expect(codesOf(await person.ask('ChangePassword', { password: 'wrong one', newPassword: ELSE }))).toEqual(
      [['INVALID_CREDENTIALS', 'password']],
    );
    for (const newPassword of ['12345678', 'cher@example.org']) {
      const refused = await person.ask('ChangePassword', { password: PASSWORD, newPassword });
      expect(codesOf(refused)).toEqual([['BAD_USER_INPUT', 'newPassword']]);
    }
    expect((await person.ask('ChangePassword', { password: PASSWORD, newPassword: ELSE })).ok).toBe(true);

    const revoked = await people.db.outbox.findFirstOrThrow({
      where: { subject: sessionsRevoked.subject },
      orderBy: { id: 'desc' },
    });
    expect(revoked.payload).toMatchObject({ sessionIds: [other.viewer.sessionId] });
    expect((await person.ask('MyAccount')).sessions).toEqual([
      expect.objectContaining({ id: person.viewer.sessionId, current: true }),
    ]);
    expect(await people.mailbox.take('password-changed', 'cher@example.org')).toBeDefined();
    expect(codesOf(await people.as()('Login', { login: 'cher', password: PASSWORD }))).toEqual([
      ['INVALID_CREDENTIALS', undefined],
    ]);
    expect((await people.signIn('cher', {}, ELSE)).id).toBe(person.id);
  });

  it('sets its first password shortly after it signed in otherwise', async () => {
    const person = await people.register('oauthonly');
    await people.db.user.update({ where: { id: person.id }, data: { passwordHash: null } });
    expect((await person.ask('ChangePassword', { newPassword: ELSE })).ok).toBe(true);
    await people.signIn('oauthonly', {}, ELSE);

    await people.db.user.update({ where: { id: person.id }, data: { passwordHash: null } });
    await people.db.session.updateMany({
      where: { userId: person.id },
      data: { createdAt: new Date(Date.now() - 11 * 60_000) },
    });
    expect(codesOf(await person.ask('ChangePassword', { newPassword: ELSE }))).toEqual([
      ['INVALID_CREDENTIALS', undefined],
    ]);
  });
});

describe('an account that is deactivated', () => {
  let people: People;

  beforeAll(async () => {
    people = await openPeople();
  });
  afterAll(() => people[Symbol.asyncDispose]());

  it('is hidden from others, has no session, and comes back by signing in', async () => {
    const person = await people.register('hidden');
    const other = await people.register('looker');
    const admin = await people.crown(await people.register('warden'));
    const seen = async (ask: typeof other.ask) => ask('UserByUsername', undefined, { username: 'hidden' });

    const refused = await person.ask('DeactivateAccount', { password: 'wrong one' });
    expect(refused.errors[0].code).toBe('INVALID_CREDENTIALS');
    expect(await person.ask('DeactivateAccount', { password: PASSWORD })).toEqual({ ok: true, errors: [] });
    expect(await seen(other.ask)).toBeNull();
    expect(await seen(people.as())).toBeNull();
    expect(await seen(admin.ask)).toMatchObject({ isActive: false });
    expect(await referenceFor(other)).toBeNull();
    expect(await people.db.session.count({ where: { userId: person.id, revokedAt: null } })).toBe(0);

    const back = await people.signIn('hidden');
    expect(await seen(other.ask)).toMatchObject({ isActive: true });
    const actions = await people.db.auditEntry.findMany({
      where: { actorId: back.id },
      orderBy: { id: 'asc' },
    });
    expect(actions.map(({ action }) => action)).toEqual([
      'user.registered',
      'password.refused',
      'user.deactivated',
      'user.activated',
      'user.login',
    ]);

    async function referenceFor(viewer: typeof other) {
      const query = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { username } } }';
      const variables = { of: [{ __typename: 'User', id: person.id }] };
      const caller = { viewer: viewer.viewer, correlationId: 'test', ip: '127.0.0.1', userAgent: 'test' };
      const { data } = await people.users.subgraph.execute({ query, variables }, caller);
      return (data as { _entities: unknown[] })._entities[0];
    }
  });

  it('is not the last ADMIN’s', async () => {
    await people.db.user.updateMany({ data: { roles: ['USER'] } });
    const admin = await people.crown(await people.register('lastone'));
    const { errors } = await admin.ask('DeactivateAccount', { password: PASSWORD });
    expect(errors[0].code).toBe('LAST_ADMIN');
  });
});
