import { LoginDocument, RegisterDocument } from '@volna/gateway/client';

import { type Api, openApi, refuseErrors } from '../client/api.ts';

const USERNAME = 'demo';

export interface DemoLogin {
  readonly username: string;
  readonly password: string;
  readonly accessToken: string;
  readonly api: Api;
}

/** Signs in to the demo account; the first time it is opened. */
export async function openDemoLogin(endpoint: string, password: string): Promise<DemoLogin> {
  const stranger = openApi(endpoint);
  const { login } = await stranger.ask(LoginDocument, { input: { login: USERNAME, password } });
  const session = login.session ?? (await register(stranger, password));
  const api = openApi(endpoint, session.accessToken);
  return { username: USERNAME, password, accessToken: session.accessToken, api };
}

async function register(api: Api, password: string) {
  const input = { username: USERNAME, password, email: 'demo@volna.example', displayName: 'Demo' };
  const { register: answer } = await api.ask(RegisterDocument, { input });
  refuseErrors(answer.errors);
  if (!answer.session) throw new Error('the demo account could not be opened');
  return answer.session;
}
