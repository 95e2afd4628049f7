import { LoginDocument } from '@volna/gateway/client';
import { runMakeAdmin } from '@volna/users/make-admin';

import { type Api, openApi } from '../client/api.ts';
import { signUp } from './listener.ts';
import type { TestStack } from './test-stack.ts';

/** A new account that is an ADMIN and signed in as one. */
export async function openAdministrator({ endpoint, backends }: TestStack): Promise<Api> {
  const { username, password } = await signUp(endpoint);
  await runMakeAdmin(backends.databaseUrl('users'), username);
  const { login } = await openApi(endpoint).ask(LoginDocument, { input: { login: username, password } });
  if (!login.session) throw new Error(JSON.stringify(login.errors));
  return openApi(endpoint, login.session.accessToken);
}
