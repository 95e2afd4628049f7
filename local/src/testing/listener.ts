import { randomBytes } from 'node:crypto';

import { CreateArtistDocument, RegisterDocument } from '@volna/gateway/client';

import { type Api, openApi } from '../client/api.ts';

export interface Account {
  readonly username: string;
  readonly password: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly api: Api;
}

/** A new account that is signed in. */
export async function signUp(endpoint: string): Promise<Account> {
  const username = `u${randomBytes(6).toString('hex')}`;
  const password = 'a long enough password';
  const input = { username, password, email: `${username}@example.org`, displayName: username };
  const { register } = await openApi(endpoint).ask(RegisterDocument, { input });
  if (!register.session) throw new Error(JSON.stringify(register.errors));
  const { accessToken, refreshToken } = register.session;
  return { username, password, accessToken, refreshToken, api: openApi(endpoint, accessToken) };
}

/** An artist page of the account's own. */
export async function openArtist({ api }: Account, name: string): Promise<string> {
  const { createArtist } = await api.ask(CreateArtistDocument, { input: { name, country: 'NO' } });
  if (!createArtist.artist) throw new Error(JSON.stringify(createArtist.errors));
  return createArtist.artist.id;
}
