import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { openPeople, PASSWORD, type People, type Person } from './testing/people.ts';

const OK = { ok: true, errors: [] };
const INVALID = { ok: false, errors: [expect.objectContaining({ code: 'INVALID_VERIFICATION_TOKEN' })] };
const failing = (code: string) => ({ ok: false, errors: [expect.objectContaining({ code })] });

describe('an e-mail address', () => {
  let people: People;

  beforeAll(async () => {
    people = await openPeople();
  });

  afterAll(() => people[Symbol.asyncDispose]());

  async function codeTo(address: string): Promise<string> {
    const { values } = await people.mailbox.take('verify-email', address);
    return values['code'] ?? '';
  }

  /** Somebody whose address is proved. */
  async function settle(username: string): Promise<Person> {
    const person = await people.register(username);
    await people.as()('VerifyEmail', { token: await codeTo(`${username}@example.org`) });
    return person;
  }

  it('is proved by the code that comes after registration, once, on whatever device', async () => {
    const { ask } = await people.register('kim', { acceptLanguage: 'ru-RU,ru;q=0.9' });
    const letter = await people.mailbox.take('verify-email', 'kim@example.org');
    expect(letter).toMatchObject({ locale: 'ru', values: { name: 'kim', minutes: '30' } });
    expect(await ask('MyAccount')).toMatchObject({ emailVerified: false });
    const token = letter.values['code'];
    expect(await people.as()('VerifyEmail', { token })).toEqual(OK);
    expect(await ask('MyAccount')).toMatchObject({ emailVerified: true });
    expect(await people.as()('VerifyEmail', { token })).toEqual(INVALID);
    expect(await ask('RequestEmailVerification')).toEqual(failing('ALREADY_VERIFIED'));
  });

  it('is not proved by a code that is replaced, too old or made up', async () => {
    const { id: userId, ask } = await people.register('lars');
    const first = await codeTo('lars@example.org');
    expect(await ask('RequestEmailVerification')).toEqual(OK);
    const second = await codeTo('lars@example.org');
    await people.db.emailVerification.updateMany({ where: { userId }, data: { expiresAt: new Date() } });
    for (const token of [first, second, 'x'.repeat(43), '']) {
      expect(await ask('VerifyEmail', { token })).toEqual(INVALID);
    }
    expect(await ask('MyAccount')).toMatchObject({ emailVerified: false });
  });

  it('is asked to be proved by its owner only, and so often only', async () => {
    expect(await people.as()('RequestEmailVerification')).toEqual({ refused: 'UNAUTHENTICATED' });
    const { ask } = await people.register('mona');
    for (let i = 0; i < 10; i++) expect(await ask('RequestEmailVerification')).toEqual(OK);
    expect(await ask('RequestEmailVerification')).toEqual({ refused: 'RATE_LIMITED' });
  });

  it('changes once the code comes back from the new one, and the old one hears of it', async () => {
    const nora = await settle('nora');
    expect(await change(nora, 'nora@new.example')).toEqual(OK);
    const notice = await people.mailbox.take('email-change', 'nora@example.org');
    expect(notice.values).toMatchObject({ name: 'nora', email: 'n•••@new.example' });
    const token = await codeTo('nora@new.example');
    expect(await nora.ask('MyAccount')).toMatchObject({ email: 'nora@example.org', emailVerified: true });
    expect(await nora.ask('VerifyEmail', { token })).toEqual(OK);
    expect(await nora.ask('MyAccount')).toMatchObject({ email: 'nora@new.example', emailVerified: true });
    const last = await people.mailbox.take('email-changed', 'nora@example.org');
    expect(last.values).toMatchObject({ email: 'n•••@new.example' });
    expect(await people.signIn('NORA@new.example')).toMatchObject({ id: nora.id });
    const old = await people.as()('Login', { login: 'nora@example.org', password: PASSWORD });
    expect(old.errors[0].code).toBe('INVALID_CREDENTIALS');
    await people.bus.idle();
    const letters = await people.db.letter.findMany({ where: { userId: nora.id, state: 'SENT' } });
    expect(letters.map(({ values }) => values)).toEqual(letters.map(() => ({})));
  });

  it('changes for nobody but the owner, whoever reads the letter', async () => {
    const olga = await settle('olga');
    const pavel = await settle('pavel');
    await change(olga, 'mistyped@example.net');
    const token = await codeTo('mistyped@example.net');
    expect(await people.as()('VerifyEmail', { token })).toEqual({ refused: 'UNAUTHENTICATED' });
    expect(await pavel.ask('VerifyEmail', { token })).toEqual(INVALID);
    expect(await olga.ask('MyAccount')).toMatchObject({ email: 'olga@example.org' });
  });

  it('does not change without the password, to a bad one, to itself, or to that of an account', async () => {
    const quinn = await settle('quinn');
    await settle('rosa');
    expect(await change(quinn, 'q@example.net', 'wrong')).toEqual(failing('INVALID_CREDENTIALS'));
    expect(await change(quinn, 'nowhere')).toEqual(failing('BAD_USER_INPUT'));
    expect(await change(quinn, 'a@example.net\r\nBcc: b@example.net')).toEqual(failing('BAD_USER_INPUT'));
    expect(await change(quinn, 'quinn@example.org')).toEqual(failing('BAD_USER_INPUT'));
    expect(await change(quinn, 'ROSA@example.org')).toEqual(failing('EMAIL_TAKEN'));
    expect(await people.db.letter.count({ where: { userId: quinn.id, template: 'email-change' } })).toBe(0);
  });

  it('stays as it is where somebody took the new one in between', async () => {
    const sven = await settle('sven');
    await change(sven, 'tina@example.org');
    const token = await codeTo('tina@example.org');
    await people.register('tina');
    expect(await sven.ask('VerifyEmail', { token })).toEqual(failing('EMAIL_TAKEN'));
    expect(await sven.ask('MyAccount')).toMatchObject({ email: 'sven@example.org' });
  });

  it('takes the reset codes with it that the old one was sent', async () => {
    const ulla = await settle('ulla');
    await people.as()('RequestPasswordReset', { email: 'ulla@example.org' });
    const { values } = await people.mailbox.take('reset-password', 'ulla@example.org');
    await change(ulla, 'ulla@new.example');
    await ulla.ask('VerifyEmail', { token: await codeTo('ulla@new.example') });
    const input = { token: values['code'], newPassword: 'a rather different phrase' };
    expect(await people.as()('ResetPassword', input)).toEqual(failing('INVALID_RESET_TOKEN'));
  });

  it('does not change any more when its owner resets the password', async () => {
    const vera = await settle('vera');
    await change(vera, 'thief@example.net');
    const token = await codeTo('thief@example.net');
    await people.as()('RequestPasswordReset', { email: 'vera@example.org' });
    const { values } = await people.mailbox.take('reset-password', 'vera@example.org');
    await people.as()('ResetPassword', { token: values['code'], newPassword: 'a rather different phrase' });
    expect(await vera.ask('VerifyEmail', { token })).toEqual(INVALID);
  });
});

function change(person: Person, email: string, password = PASSWORD) {
  return person.ask('ChangeEmail', { email, password });
}
