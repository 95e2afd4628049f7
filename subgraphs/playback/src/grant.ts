import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a stream URL allows: one folder of renditions, until an instant. */
export interface Grant {
  readonly prefix: string;
  /** Unix milliseconds. */
  readonly expiresAt: number;
}

/** A grant as one path segment, for the streamer that knows the key. */
export function signGrant(key: string, { prefix, expiresAt }: Grant): string {
  const claims = Buffer.from(JSON.stringify([prefix, expiresAt])).toString('base64url');
  return `${claims}.${mac(key, claims)}`;
}

/** The grant behind a path segment: `expired`, or null for one that we did not sign. */
export function readGrant(key: string, segment: string, now = Date.now()): Grant | 'expired' | null {
  const [claims = '', signature = ''] = segment.split('.');
  const [given, expected] = [Buffer.from(signature), Buffer.from(mac(key, claims))];
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const [prefix, expiresAt] = JSON.parse(Buffer.from(claims, 'base64url').toString()) as [string, number];
  return expiresAt > now ? { prefix, expiresAt } : 'expired';
}

function mac(key: string, claims: string): string {
  return createHmac('sha256', key).update(`hls:${claims}`).digest('base64url');
}
