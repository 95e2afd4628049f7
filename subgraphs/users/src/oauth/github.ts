import * as client from 'openid-client';
import { z } from 'zod';

import { boundedFetch, PROVIDER_TIMEOUT_S } from './bounded-fetch.ts';
import type { GithubSettings } from './config.ts';
import { authorizationParameters } from './openid.ts';
import type { Provider, ProviderAccount } from './provider.ts';

const User = z.object({ id: z.number().int(), login: z.string(), name: z.string().nullish() });
const Emails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

/** GitHub: OAuth 2 with PKCE; who signed in is asked of its API. */
export function githubProvider(settings: GithubSettings): Provider {
  const { id, name, apiUrl } = settings;
  const configuration = configure(settings);
  return {
    id,
    name,
    async authorizationUrl(request) {
      const parameters = await authorizationParameters(request);
      return client.buildAuthorizationUrl(configuration, { ...parameters, scope: 'read:user user:email' });
    },
    async identify({ state, codeVerifier }, answer) {
      const checks = { expectedState: state, pkceCodeVerifier: codeVerifier };
      const { access_token: token } = await client.authorizationCodeGrant(configuration, answer, checks);
      const [user, emails] = await Promise.all([
        askApi(configuration, token, `${apiUrl}/user`, User),
        askApi(configuration, token, `${apiUrl}/user/emails`, Emails),
      ]);
      return toAccount(user, emails);
    },
  };
}

function configure({ url, clientId, clientSecret }: GithubSettings): client.Configuration {
  const configuration = new client.Configuration(
    {
      issuer: `${url}/login/oauth`,
      authorization_endpoint: `${url}/login/oauth/authorize`,
      token_endpoint: `${url}/login/oauth/access_token`,
    },
    clientId,
    { client_secret: clientSecret },
    client.ClientSecretPost(clientSecret),
  );
  configuration.timeout = PROVIDER_TIMEOUT_S;
  configuration[client.customFetch] = boundedFetch;
  if (new URL(url).protocol === 'http:') client.allowInsecureRequests(configuration);
  return configuration;
}

async function askApi<Output>(
  configuration: client.Configuration,
  token: string,
  url: string,
  schema: z.ZodType<Output>,
): Promise<Output> {
  const headers = new Headers({
    accept: 'application/vnd.github+json',
    'user-agent': 'volna',
    'x-github-api-version': '2022-11-28',
  });
  const resource = new URL(url);
  const response = await client.fetchProtectedResource(configuration, token, resource, 'GET', null, headers);
  return schema.parse(await response.json());
}

/** By the number: the login name can be changed, and be taken by somebody else. */
function toAccount(user: z.output<typeof User>, emails: z.output<typeof Emails>): ProviderAccount {
  const address =
    emails.find(({ primary, verified }) => primary && verified) ?? emails.find(({ primary }) => primary);
  return {
    subject: String(user.id),
    email: address?.email ?? null,
    emailVerified: address?.verified ?? false,
    username: user.login,
    displayName: user.name || null,
  };
}
