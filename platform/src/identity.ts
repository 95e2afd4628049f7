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

const PROCESS = randomBytes(12).toString('base64url');
let signed = 0;
/** A request asks several subgraphs for one caller. */
const written = new WeakMap<Caller, string>();

/** A header that proves to one subgraph, once, for one body and half a minute, who asks. */
export function signCaller(key: string, audience: string, body: string, caller: Caller): string {
  const who = written.get(caller) ?? Buffer.from(JSON.stringify(caller)).toString('base64url');
  written.set(caller, who);
  const claims = `${who}.${Date.now()}.${PROCESS}${(signed++).toString(36)}`;
  return `${claims}.${sign(key, audience, claims, body)}`;
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
  const [who = '', at = '', nonce = '', signature = ''] = (header ?? '').split('.');
  if (!equal(signature, sign(key, audience, `${who}.${at}.${nonce}`, body))) return null;
  const isFresh = Math.abs(Date.now() - Number(at)) < MAX_AGE_MS;
  if (!isFresh || !nonces.take(nonce, Number(at))) return null;
  return Caller.safeParse(JSON.parse(Buffer.from(who, 'base64url').toString())).data ?? null;
}

/** Over all of it: a header of one body, or for one subgraph, is worth nothing with another. The parts hold no dots. */
function sign(key: string, audience: string, claims: string, body: string): string {
  return createHmac('sha256', key).update(`${audience}.${claims}.${body}`).digest('base64url');
}

function equal(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
