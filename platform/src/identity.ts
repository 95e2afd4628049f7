import { createHmac, timingSafeEqual } from 'node:crypto';

import { ApiKeyId, SessionId, UserId } from '@volna/events';
import { z } from 'zod';

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
const MAX_AGE_MS = 30_000;

const Claims = Caller.extend({ audience: z.string(), at: z.number() });

/** A header that proves to one subgraph, for one body and half a minute, who asks. */
export function signCaller(key: string, audience: string, body: string, caller: Caller): string {
  const claims = { ...caller, audience, at: Date.now() };
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${payload}.${mac(key, payload, body)}`;
}

/** The caller that a header proves, or null for a header that proves nothing. */
export function verifyCaller(
  key: string,
  audience: string,
  body: string,
  header: string | undefined,
): Caller | null {
  const [payload = '', signature = ''] = (header ?? '').split('.');
  if (!equal(signature, mac(key, payload, body))) return null;
  const claims = Claims.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
  if (!claims.success) return null;
  const { audience: named, at, ...caller } = claims.data;
  const fresh = Math.abs(Date.now() - at) < MAX_AGE_MS;
  return named === audience && fresh ? caller : null;
}

/** Over both: a header of one body is worth nothing with another. The claims hold no dot, so the border is sure. */
function mac(key: string, payload: string, body: string): string {
  return createHmac('sha256', key).update(`${payload}.`).update(body).digest('base64url');
}

function equal(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
