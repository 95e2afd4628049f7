import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { GithubSettings } from '../oauth/config.ts';
import { readText, serveOnLoopback, type TestServer } from './http-server.ts';

export interface GithubAccount {
  readonly id: number;
  readonly login: string;
  readonly name: string | null;
  readonly emails: readonly {
    readonly email: string;
    readonly primary: boolean;
    readonly verified: boolean;
  }[];
}

export interface RunningGithub extends TestServer {
  readonly settings: GithubSettings;
  /** Signs in and allows: the address that the browser is sent to. */
  allow(url: string, account: GithubAccount): URL;
}

interface Grant {
  readonly account: GithubAccount;
  readonly challenge: string | null;
  readonly redirectUri: string | null;
}

const CLIENT = { clientId: 'volna', clientSecret: 'github secret' };

/**
 * The three endpoints of GitHub that a sign-in uses, as its documentation has them: the token endpoint states errors
 * with status 200, and the API wants a user agent.
 */
export async function startGithub(): Promise<RunningGithub> {
  const codes = new Map<string, Grant>();
  const tokens = new Map<string, GithubAccount>();

  const server = await serveOnLoopback(() => (request, response) => {
    void answer(request, response);
  });

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
      response.end(JSON.stringify(body));
    };
    if (request.url === '/login/oauth/access_token' && request.method === 'POST') {
      return send(200, exchange(new URLSearchParams(await readText(request))));
    }
    const account = tokens.get(request.headers.authorization?.replace(/^Bearer /i, '') ?? '');
    if (!account || !request.headers['user-agent']) return send(401, { message: 'Bad credentials' });
    const { emails, ...user } = account;
    if (request.url === '/user') return send(200, user);
    if (request.url === '/user/emails') return send(200, emails);
    return send(404, { message: 'Not Found' });
  }

  function exchange(body: URLSearchParams) {
    const grant = codes.get(body.get('code') ?? '');
    codes.delete(body.get('code') ?? '');
    const known =
      body.get('client_id') === CLIENT.clientId && body.get('client_secret') === CLIENT.clientSecret;
    const challenge = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url');
    if (!known) return { error: 'incorrect_client_credentials' };
    if (!grant || grant.challenge !== challenge || grant.redirectUri !== body.get('redirect_uri')) {
      return {
        error: 'bad_verification_code',
        error_description: 'The code passed is incorrect or expired.',
      };
    }
    const token = `gho_${tokens.size}`;
    tokens.set(token, grant.account);
    return { access_token: token, scope: 'read:user,user:email', token_type: 'bearer' };
  }

  const { url } = server;
  const settings = { kind: 'github', id: 'github', name: 'GitHub', url, apiUrl: url, ...CLIENT } as const;
  return {
    ...server,
    settings,
    allow(asked, account) {
      const { pathname, searchParams } = new URL(asked);
      const redirectUri = searchParams.get('redirect_uri');
      if (pathname !== '/login/oauth/authorize' || !redirectUri) throw new Error(`not a sign-in: ${asked}`);
      const code = `code-${codes.size}-${account.login}`;
      codes.set(code, { account, challenge: searchParams.get('code_challenge'), redirectUri });
      const back = new URL(redirectUri);
      back.search = String(new URLSearchParams({ code, state: searchParams.get('state') ?? '' }));
      return back;
    },
  };
}
