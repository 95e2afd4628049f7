import { readConfig } from '@volna/platform/config';
import { z } from 'zod';

/** An OpenID provider: its endpoints and keys are read from its discovery document. */
export interface OpenIdSettings {
  readonly kind: 'openid';
  /** As clients name it and as identities are stored under it: never give one to another issuer. */
  readonly id: string;
  readonly name: string;
  /** The issuer, or the whole URL of its discovery document. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** GitHub, which speaks OAuth 2 but not OpenID. */
export interface GithubSettings {
  readonly kind: 'github';
  readonly id: 'github';
  readonly name: 'GitHub';
  /** Where people sign in; another one for GitHub Enterprise. */
  readonly url: string;
  readonly apiUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface OAuthSettings {
  readonly providers: readonly (OpenIdSettings | GithubSettings)[];
  /** Where providers may send the browser back to, letter for letter. */
  readonly redirectUris: readonly string[];
}

const GOOGLE_ISSUER = 'https://accounts.google.com';
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Without TLS only where nobody else is on the way. */
export const SafeUrl = z.url({ protocol: /^https?$/ }).refine((value) => {
  const { protocol, hostname } = new URL(value);
  return protocol === 'https:' || LOOPBACK.has(hostname);
}, 'https, or http on this machine');

const Generic = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,29}$/, 'a lower-case word')
    .refine((id) => id !== 'google' && id !== 'github', 'taken'),
  name: z.string().min(1).max(60),
  issuer: SafeUrl,
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
});

/** What the environment says of providers; each is offered where its client id is set. */
export const oauthVariables = {
  GOOGLE_CLIENT_ID: z.string().optional(),
  GOOGLE_CLIENT_SECRET: z.string().optional(),
  GITHUB_CLIENT_ID: z.string().optional(),
  GITHUB_CLIENT_SECRET: z.string().optional(),
  GITHUB_URL: SafeUrl.default('https://github.com'),
  GITHUB_API_URL: SafeUrl.default('https://api.github.com'),
  OIDC_PROVIDERS: z
    .string()
    .default('[]')
    .transform(parseJson)
    .pipe(z.array(Generic).refine(allDiffer, 'two of one id')),
  OAUTH_REDIRECT_URIS: z
    .string()
    .default('')
    .transform((list) => list.split(',').flatMap((uri) => uri.trim() || []))
    .pipe(z.array(z.string().refine(isPlain, 'an absolute address as browsers write it, without query'))),
} satisfies z.ZodRawShape;

export type OAuthVariables = z.output<z.ZodObject<typeof oauthVariables>>;

/** The providers that the variables configure. Throws where half of one is set, or nowhere to come back to. */
export function toOAuthSettings(variables: OAuthVariables): OAuthSettings {
  const google = credentials('GOOGLE', variables.GOOGLE_CLIENT_ID, variables.GOOGLE_CLIENT_SECRET);
  const github = credentials('GITHUB', variables.GITHUB_CLIENT_ID, variables.GITHUB_CLIENT_SECRET);
  const urls = { url: variables.GITHUB_URL, apiUrl: variables.GITHUB_API_URL };
  const providers: (OpenIdSettings | GithubSettings)[] = [
    ...google.map(
      (pair) => ({ kind: 'openid', id: 'google', name: 'Google', issuer: GOOGLE_ISSUER, ...pair }) as const,
    ),
    ...github.map((pair) => ({ kind: 'github', id: 'github', name: 'GitHub', ...urls, ...pair }) as const),
    ...variables.OIDC_PROVIDERS.map((generic) => ({ kind: 'openid', ...generic }) as const),
  ];
  const redirectUris = variables.OAUTH_REDIRECT_URIS;
  if (providers.length > 0 && redirectUris.length === 0) {
    throw new OAuthConfigError('OAUTH_REDIRECT_URIS names no page for providers to come back to');
  }
  return { providers, redirectUris };
}

/** The providers that the environment configures, for a process whose own settings are others. */
export function readOAuthSettings(env: Record<string, string | undefined>): OAuthSettings {
  return toOAuthSettings(readConfig(oauthVariables, env));
}

export class OAuthConfigError extends Error {
  override name = 'OAuthConfigError';
}

function credentials(name: string, clientId = '', clientSecret = '') {
  if (!clientId && !clientSecret) return [];
  if (clientId && clientSecret) return [{ clientId, clientSecret }];
  throw new OAuthConfigError(`${name}_CLIENT_ID and ${name}_CLIENT_SECRET go together`);
}

function parseJson(text: string, context: z.core.$RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // the parser's own message would quote the text, which holds secrets
    context.issues.push({ code: 'custom', message: 'not JSON', input: '' });
    return z.NEVER;
  }
}

/** The address of a token request is made from the browser's, so it must survive that. */
function isPlain(uri: string): boolean {
  const url = URL.parse(uri);
  return url?.href === uri && url.search === '' && url.hash === '';
}

function allDiffer(providers: readonly { id: string }[]): boolean {
  return new Set(providers.map(({ id }) => id)).size === providers.length;
}
