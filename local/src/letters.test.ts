import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ChangeEmailDocument,
  LoginDocument,
  MyAccountDocument,
  RefreshSessionDocument,
  RequestPasswordResetDocument,
  ResetPasswordDocument,
  VerifyEmailDocument,
} from '@volna/gateway/client';

import { openApi } from './client/api.ts';
import { type Account, signUp } from './testing/listener.ts';
import { openTestStack, type TestStack } from './testing/test-stack.ts';
import { until } from './testing/until.ts';

describe('letters, where no mail server is set', () => {
  let volna: TestStack;
  let alice: Account;
  let address: string;

  beforeAll(async () => {
    volna = await openTestStack();
    alice = await signUp(volna.endpoint);
    address = `${alice.username}@example.org`;
  }, 60_000);

  afterAll(async () => {
    await volna[Symbol.asyncDispose]();
  });

  /** The code of the one letter about this to this address, out of the folder that the start screen names. */
  async function codeIn(subject: string, to: string): Promise<string> {
    const directory = join(volna.directory, 'mail');
    let code: string | undefined;
    await until(`there is a letter to ${to}`, async () => {
      const names = await readdir(directory).catch(() => []);
      const texts = await Promise.all(
        names
          .filter((name) => /^\d.*\.txt$/.test(name))
          .map((name) => readFile(join(directory, name), 'utf8')),
      );
      const found = texts.find((text) => text.startsWith(`To: ${to}\nSubject: ${subject}\n`));
      code = found && /^[\w-]{43}$/m.exec(found)?.[0];
      return code !== undefined;
    });
    return code ?? '';
  }

  it('go into a folder, whose name is told', () => {
    expect(volna.stack.mail).toContain(join(volna.directory, 'mail'));
  });

  it('prove an address by their code', async () => {
    const token = await codeIn('Confirm your e-mail address', address);
    const { verifyEmail } = await openApi(volna.endpoint).ask(VerifyEmailDocument, { input: { token } });
    expect(verifyEmail).toEqual({ ok: true, errors: [] });
    expect((await alice.api.ask(MyAccountDocument, {})).me?.emailVerified).toBe(true);
  });

  it('set another password by their code, and end every session', async () => {
    const stranger = openApi(volna.endpoint);
    await stranger.ask(RequestPasswordResetDocument, { input: { email: address } });
    const token = await codeIn('Reset your Volna password', address);
    const newPassword = 'a rather different phrase';
    const { resetPassword } = await stranger.ask(ResetPasswordDocument, { input: { token, newPassword } });
    expect(resetPassword).toEqual({ ok: true, errors: [] });
    const { refreshToken } = alice;
    const { refreshSession } = await stranger.ask(RefreshSessionDocument, { input: { refreshToken } });
    expect(refreshSession.errors).toMatchObject([{ code: 'INVALID_REFRESH_TOKEN' }]);
    const input = { login: alice.username, password: newPassword };
    const { login } = await stranger.ask(LoginDocument, { input });
    alice = { ...alice, api: openApi(volna.endpoint, login.session?.accessToken ?? '') };
  });

  it('change an address by the code that goes to the new one', async () => {
    const email = 'moved@example.net';
    const input = { email, password: 'a rather different phrase' };
    const { changeEmail } = await alice.api.ask(ChangeEmailDocument, { input });
    expect(changeEmail).toEqual({ ok: true, errors: [] });
    const token = await codeIn('Confirm your e-mail address', email);
    await alice.api.ask(VerifyEmailDocument, { input: { token } });
    expect((await alice.api.ask(MyAccountDocument, {})).me?.email).toBe(email);
  });
});
