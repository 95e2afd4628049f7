import { readFileSync } from 'node:fs';

import { newId } from '@volna/events';
import { MemoryCache } from '@volna/platform/cache-memory';
import type { Subgraph } from '@volna/platform/subgraph';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

import { type Gateway, type GatewayOptions, startGateway } from '../service.ts';
import type { Answer } from './answer.ts';
import { composeLive, known, Ticker } from './live.ts';

const NODE_SDL = readFileSync(new URL('../node/schema.graphql', import.meta.url), 'utf8');

const { privateKey, publicKey } = await generateKeyPair('RS256');
export const jwks = async () => ({ keys: [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'RS256' }] });

export interface TokenOptions {
  readonly claims?: JWTPayload;
  readonly header?: Record<string, string>;
  readonly expiresIn?: number;
}

/** An access token of the known user, as the users service signs it. */
export async function signToken({
  claims = {},
  header = {},
  expiresIn = 600,
}: TokenOptions = {}): Promise<string> {
  const now = Date.now() / 1000;
  return new SignJWT({
    sub: known.user,
    sid: newId('Session'),
    roles: ['USER'],
    scopes: [],
    iss: 'volna',
    aud: 'volna',
    iat: now,
    exp: now + expiresIn,
    ...claims,
  })
    .setProtectedHeader({ alg: 'RS256', kid: 'test', typ: 'at+jwt', ...header })
    .sign(privateKey);
}

export interface ToyGateway extends Gateway {
  readonly ticker: Ticker;
}

/** A gateway on a free port over the toy subgraphs; `replace` puts others in their places. */
export async function startToyGateway(
  options: Partial<GatewayOptions> = {},
  replace: (subgraphs: Record<string, Subgraph>) => readonly Subgraph[] = Object.values,
): Promise<ToyGateway> {
  const ticker = new Ticker();
  const { supergraphSdl, subgraphs } = composeToyGraph(ticker);
  const gateway = await startGateway({
    supergraphSdl,
    subgraphs: replace(subgraphs),
    jwks,
    cache: new MemoryCache(),
    // tests come from one address
    rateLimits: { stranger: { requests: 100_000, cost: 100_000_000 } },
    port: 0,
    ...options,
  });
  return { ...gateway, ticker };
}

/** The toy subgraphs and the supergraph that they and the node subgraph make. */
export function composeToyGraph(ticker = new Ticker()) {
  return composeLive(ticker, withNodes(['User', 'Track']));
}

/** The schema of the node subgraph without the types that the toys don't own. */
function withNodes(types: readonly string[]): string {
  return NODE_SDL.replaceAll(/^type (\w+) implements Node [^}]*}\n/gm, (type, name: string) =>
    types.includes(name) ? type : '',
  );
}

export interface GraphqlAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly data?: Answer;
  readonly errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
  readonly extensions?: Answer;
}

/** Posts an operation. */
export async function post(
  { url }: Gateway,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<GraphqlAnswer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const json = (await response.json()) as object;
  return { status: response.status, headers: response.headers, ...json };
}
