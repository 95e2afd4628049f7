import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { letterClaim, LetterId, newId } from '@volna/events';

import { revokedUntil } from './domain/revoke-tokens.ts';
import { openPeople, PASSWORD, type People, type Person } from './testing/people.ts';
import { hashSecret } from './tokens/secret.ts';

const NEW_PASSWORD = 'a rather different phrase';
const OK = { ok: true, errors: [] };
const INVALID = { ok: false, errors: [expect.objectContaining({ code: 'INVALID_RESET_TOKEN' })] };

const emailOf = (username: string) => `${username}@example.org`;

describe('a password reset', () => {
  let people: People;

  beforeAll(async () => {
    people = await openPeople();
  });

  afterAll(() => people[Symbol.asyncDispose]());

  function request(email: string) {
    return people.as()('RequestPasswordReset', { email });
  }

  async function codeFor(username: string): Promise<string> {
    expect(await request(emailOf(username))).toEqual(OK);
    const { values } = await people.mailbox.take('reset-password', emailOf(username));
    return values['code'] ?? '';
  }

  function reset(token: string, newPassword = NEW_PASSWORD) {
    return people.as()('ResetPassword', { token, newPassword });
  }

  it('is answered before anything is looked up, alike for a known and an unknown address', async () => {
    await people.register('anna');
    // nothing else is under way that the lock could stand against
    await people.mailbox.take('verify-email', emailOf('anna'));
    await people.bus.idle();
    const held = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const holding = people.db.$transaction(
      async (tx) => {
        await tx.$executeRaw`LOCK TABLE "user", letter, outbox, audit_entry, password_reset, session`;
        held.resolve();
        await release.promise;
      },
      { timeout: 30_000 },
    );
    await Promise.race([held.promise, holding]);
    // each would wait for the lock, were there a single statement before its answer
    const answers = [await request(emailOf('anna')), await request('nobody@example.org')];
    expect(answers).toEqual([OK, OK]);
    release.resolve();
    await holding;
    expect(await people.mailbox.take('reset-password')).toMatchObject({ to: emailOf('anna') });
    expect(people.mailbox.letters).not.toContainEqual(expect.objectContaining({ to: 'nobody@example.org' }));
  });

  it('keeps only the hash of its code, and nothing of it on the bus', async () => {
    const boris = await people.register('boris');
    const code = await codeFor('boris');
    expect(code).toMatch(/^[\w-]{43}$/);
    const rows = await people.db.passwordReset.findMany({ where: { userId: boris.id } });
    expect(rows).toMatchObject([{ hash: hashSecret(code), usedAt: null }]);
    expect((rows[0]?.expiresAt.getTime() ?? Infinity) - Date.now()).toBeLessThanOrEqual(30 * 60_000);
    const stored = JSON.stringify([await people.db.letter.findMany(), await people.db.outbox.findMany()]);
    expect(stored).toContain('reset-password');
    expect(stored).not.toContain(code);
    expect(JSON.stringify(await people.db.outbox.findMany())).not.toMatch(/boris|example\.org/);
  });

  it('sets the password, once, proves the address, ends every session and says so by mail', async () => {
    const clara = await people.register('clara');
    const again = await people.signIn('clara');
    const code = await codeFor('clara');
    expect(await reset(code)).toEqual(OK);
    expect(await reset(code)).toEqual(INVALID);
    for (const { viewer } of [clara, again]) {
      expect(await revokedUntil(people.cache, viewer.sessionId)).toBeGreaterThan(0);
    }
    const open = { where: { userId: clara.id, revokedAt: null } };
    expect(await people.db.session.count(open)).toBe(0);
    const denied = await people.as()('Login', { login: 'clara', password: PASSWORD });
    expect(denied.errors[0].code).toBe('INVALID_CREDENTIALS');
    const { ask } = await people.signIn('clara', {}, NEW_PASSWORD);
    expect(await ask('MyAccount')).toMatchObject({ emailVerified: true });
    expect(await people.mailbox.take('password-changed', emailOf('clara'))).toMatchObject({
      values: { name: 'clara', at: expect.stringMatching(/Z$/) },
    });
    const audited = await people.db.auditEntry.findMany({
      where: { subjectId: clara.id, action: { startsWith: 'password.' } },
    });
    expect(audited.map(({ action }) => action)).toEqual(['password.reset-requested', 'password.reset']);
  });

  it('takes the code of the last letter only', async () => {
    await people.register('dora');
    const first = await codeFor('dora');
    const second = await codeFor('dora');
    expect(await reset(first)).toEqual(INVALID);
    expect(await reset(second)).toEqual(OK);
  });

  it('takes no code after its time, and none that nobody was sent', async () => {
    const { id: userId } = await people.register('emil');
    const code = await codeFor('emil');
    await people.db.passwordReset.updateMany({
      where: { userId },
      data: { expiresAt: new Date(Date.now() - 1) },
    });
    expect(await reset(code)).toEqual(INVALID);
    expect(await reset('x'.repeat(43))).toEqual(INVALID);
    expect(await reset('')).toEqual(INVALID);
  });

  it('leaves the code good when the new password is not', async () => {
    await people.register('frieda');
    const code = await codeFor('frieda');
    for (const bad of ['short', 'frieda@example.org', 'password123']) {
      expect((await reset(code, bad)).errors[0].code).toBe('BAD_USER_INPUT');
    }
    expect(await reset(code)).toEqual(OK);
  });

  it('happens once when a code comes twice at the same time', async () => {
    await people.register('gustav');
    const code = await codeFor('gustav');
    const answers = await Promise.all([reset(code), reset(code)]);
    expect(answers.toSorted((a, b) => Number(b.ok) - Number(a.ok))).toEqual([OK, INVALID]);
  });

  it('is asked for so often only, of an address that is known and of one that is not', async () => {
    await people.register('helga');
    for (const email of [emailOf('helga'), 'unknown@example.org']) {
      for (let i = 0; i < 5; i++) expect(await request(email)).toEqual(OK);
      expect(await request(email.toUpperCase())).toEqual({ refused: 'RATE_LIMITED' });
    }
  });

  it('makes another code for each try to send its letter, in place of the one before', async () => {
    const { id: userId } = await people.register('ida');
    await codeFor('ida');
    const { id } = await people.db.letter.findFirstOrThrow({ where: { userId, template: 'reset-password' } });
    // as if nobody had told that it was sent
    await people.bus.idle();
    await people.db.letter.update({ where: { id }, data: { state: 'QUEUED' } });
    const [first, second] = [await claim(id), await claim(id)];
    expect(first?.values['code']).not.toBe(second?.values['code']);
    expect(await people.db.passwordReset.count({ where: { userId } })).toBe(1);
    expect(await reset(first?.values['code'] ?? '')).toEqual(INVALID);
    expect(await reset(second?.values['code'] ?? '')).toEqual(OK);
  });

  it('has no letter for whom another one is on its way, or who is being erased', async () => {
    const jan = await people.register('jan');
    const [older, newer] = [await letterOf(jan), await letterOf(jan)];
    expect(await claim(older)).toBeNull();
    expect(await claim(newer)).not.toBeNull();
    const data = { id: newId('DataRequest'), userId: jan.id, kind: 'ERASURE' };
    await people.db.dataRequest.create({ data });
    expect(await claim(newer)).toBeNull();
    expect(await people.db.passwordReset.count({ where: { userId: jan.id } })).toBe(1);
  });

  async function letterOf({ id: userId }: Person): Promise<string> {
    const id = newId('Letter');
    await people.db.letter.create({ data: { id, userId, template: 'reset-password' } });
    // ids sort by the millisecond
    const made = Date.now();
    while (Date.now() === made);
    return id;
  }

  async function claim(id: string) {
    const { letter } = await people.bus.request(letterClaim, { letterId: LetterId.parse(id) });
    return letter;
  }
});
