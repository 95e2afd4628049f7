import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

import { ApiKeyId, SessionId, UserId } from '@volna/events';
import { z } from 'zod';

import type { Nonces } from './nonces.ts';

/** Who a request is from, as the gateway has verified it. */
export const Viewer = z.object({
  userId: UserId,
  /** The sign-in: a session, or the API key that stands for one. */
  sessionId: z.union([SessionId, ApiKeyId]),
  roles: z.array(z.enum(['USER', 'ARTIST', 'ADMIN'])),
  scopes: z.array(z.string()),
});
export type Viewer = z.infer<typeof Viewer>;

/** What the gateway tells a subgraph of one request; nothing that the client sends gets past it. */
export const Caller = z.object({
  viewer: Viewer.nullable(),
  correlationId: z.string(),
  /** The client's network address as the gateway sees it, and what it calls itself. */
  ip: z.string(),
  userAgent: z.string(),
  /** What the client's program calls itself, and the languages that its user reads. */
  clientName: z.string().optional(),
  acceptLanguage: z.string().optional(),
});
export type Caller = z.infer<typeof Caller>;

export const IDENTITY_HEADER = 'x-volna-identity';
/** How far the clocks of gateway and subgraph, and the time between them, may take a header from now. */
export const MAX_AGE_MS = 30_000;

const Claims = Caller.extend({ audience: z.string(), at: z.number(), nonce: z.string() });

const PROCESS = randomBytes(12).toString('base64url');
let signed = 0;

/** A header that proves to one subgraph, once, for one body and half a minute, who asks. */
export function signCaller(key: string, audience: string, body: string, caller: Caller): string {
  const nonce = `${PROCESS}${(signed++).toString(36)}`;
  const claims = { ...caller, audience, at: Date.now(), nonce };
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${payload}.${mac(key, payload, body)}`;
}

export interface Door {
  readonly key: string;
  readonly audience: string;
  readonly nonces: Nonces;
}

/** The caller that a header proves, or null for a header that proves nothing, or nothing any more. */
export function verifyCaller(
  { key, audience, nonces }: Door,
  body: string,
  header: string | undefined,
): Caller | null {
  const [payload = '', signature = ''] = (header ?? '').split('.');
  if (!equal(signature, mac(key, payload, body))) return null;
  const claims = Claims.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
  if (!claims.success) return null;
  const { audience: named, at, nonce, ...caller } = claims.data;
  const fresh = Math.abs(Date.now() - at) < MAX_AGE_MS;
  return named === audience && fresh && nonces.take(nonce, at) ? caller : null;
}

/** Over both: a header of one body is worth nothing with another. The claims hold no dot, so the border is sure. */
function mac(key: string, payload: string, body: string): string {
  return createHmac('sha256', key).update(`${payload}.`).update(body).digest('base64url');
}

function equal(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
