import { createHmac, timingSafeEqual } from 'node:crypto';

/** A listener may pause: a stream's URLs outlive the track by this much. */
export const GRANT_SLACK_MS = 60 * 60_000;
/** Of any grant, at most: of a track as long as uploads may be made to take. */
export const GRANT_LIFE_MS = 24 * 60 * 60_000;

/** What a stream URL allows: one track's folder of renditions, until an instant. */
export interface Grant {
  readonly trackId: string;
  readonly prefix: string;
  /** Unix milliseconds. */
  readonly expiresAt: number;
  /** Given to the track's owner or an ADMIN, who may hear it while others may not. */
  readonly isOwn: boolean;
}

type Claims = readonly [trackId: string, prefix: string, expiresAt: number, isOwn: boolean];

/** A grant as one path segment, for the streamer that knows the key. */
export function signGrant(key: string, { trackId, prefix, expiresAt, isOwn }: Grant): string {
  const told: Claims = [trackId, prefix, expiresAt, isOwn];
  const claims = Buffer.from(JSON.stringify(told)).toString('base64url');
  return `${claims}.${mac(key, claims)}`;
}

/** The grant behind a path segment: `expired`, or null for one that we did not sign. */
export function readGrant(key: string, segment: string, now = Date.now()): Grant | 'expired' | null {
  const [claims = '', signature = ''] = segment.split('.');
  const [given, expected] = [Buffer.from(signature), Buffer.from(mac(key, claims))];
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const [trackId, prefix, expiresAt, isOwn] = JSON.parse(
    Buffer.from(claims, 'base64url').toString(),
  ) as Claims;
  return expiresAt > now ? { trackId, prefix, expiresAt, isOwn } : 'expired';
}

/** The word before the claims is another than that of grants which did not name their track. */
function mac(key: string, claims: string): string {
  return createHmac('sha256', key).update(`track:${claims}`).digest('base64url');
}
