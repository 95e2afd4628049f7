import * as client from 'openid-client';

import { boundedFetch, PROVIDER_TIMEOUT_S } from './bounded-fetch.ts';
import type { OpenIdSettings } from './config.ts';
import type { AuthorizationRequest, Provider, ProviderAccount } from './provider.ts';

const DISCOVERY_MAX_AGE_MS = 3_600_000;
/** How far the provider's clock may be from ours. */
const CLOCK_TOLERANCE_S = 30;

/** An OpenID Connect provider. Its discovery document is read at the first use and once an hour after. */
export function openIdProvider(settings: OpenIdSettings): Provider {
  const { id, name } = settings;
  const discover = discovery(settings);
  return {
    id,
    name,
    async authorizationUrl(request) {
      return client.buildAuthorizationUrl(await discover(), {
        ...(await authorizationParameters(request)),
        nonce: request.nonce,
        scope: 'openid email profile',
      });
    },
    async identify({ state, nonce, codeVerifier }, answer) {
      const configuration = await discover();
      const tokens = await client.authorizationCodeGrant(configuration, answer, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: codeVerifier,
        idTokenExpected: true,
      });
      const idToken = tokens.claims();
      if (!idToken) throw new TypeError('an id token was expected');
      const told = idToken['email'] !== undefined || !configuration.serverMetadata().userinfo_endpoint;
      const more = told ? {} : await client.fetchUserInfo(configuration, tokens.access_token, idToken.sub);
      return toAccount({ ...more, ...idToken });
    },
  };
}

/** What every authorization request says. */
export async function authorizationParameters(request: AuthorizationRequest) {
  return {
    redirect_uri: request.redirectUri,
    state: request.state,
    code_challenge: await client.calculatePKCECodeChallenge(request.codeVerifier),
    code_challenge_method: 'S256',
  };
}

function discovery({ issuer, clientId, clientSecret }: OpenIdSettings): () => Promise<client.Configuration> {
  const url = new URL(issuer);
  const metadata = { client_secret: clientSecret, [client.clockTolerance]: CLOCK_TOLERANCE_S };
  let known: { configuration: client.Configuration; readAt: number } | undefined;
  let reading: Promise<client.Configuration> | undefined;

  async function read() {
    try {
      const configuration = await client.discovery(url, clientId, metadata, authenticate(clientSecret), {
        timeout: PROVIDER_TIMEOUT_S,
        [client.customFetch]: boundedFetch,
        // the signature of the id token is checked too, though it comes from the provider itself
        execute: [
          client.enableNonRepudiationChecks,
          ...(url.protocol === 'http:' ? [client.allowInsecureRequests] : []),
        ],
      });
      known = { configuration, readAt: Date.now() };
      return configuration;
    } catch (err) {
      if (known) return known.configuration;
      throw err;
    } finally {
      reading = undefined;
    }
  }

  return async () => {
    if (known && Date.now() - known.readAt < DISCOVERY_MAX_AGE_MS) return known.configuration;
    return (reading ??= read());
  };
}

/** By the `Authorization` header unless the provider takes secrets in the body only. */
function authenticate(secret: string): client.ClientAuth {
  const [basic, post] = [client.ClientSecretBasic(secret), client.ClientSecretPost(secret)];
  return (server, ...rest) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    return (methods.includes('client_secret_basic') ? basic : post)(server, ...rest);
  };
}

function toAccount(claims: Readonly<Record<string, unknown>> & { readonly sub: string }): ProviderAccount {
  const text = (name: string) => {
    const value = claims[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  return {
    subject: claims.sub,
    email: text('email'),
    // some providers send it as text
    emailVerified: claims['email_verified'] === true || claims['email_verified'] === 'true',
    username: text('preferred_username'),
    displayName: text('name'),
  };
}
