import { createHmac, timingSafeEqual } from 'node:crypto';

import { LruMap } from '@volna/platform/lru-map';

/** A URL that was handed out begins to play within this time, or not at all. */
export const OPENING_MS = 5 * 60_000;
/** A listener may pause: what plays goes on for this much longer than the track. */
const PAUSE_MS = 60 * 60_000;
/** Of any grant, at most: of a track as long as uploads may be made to take. */
export const GRANT_LIFE_MS = 24 * 60 * 60_000;

/** Of the grants that were read lately. */
const MAX_PROVED = 10_000;

/** What a stream URL allows: one track's folder of renditions, until an instant. */
export interface Grant {
  /** `open` reads a master playlist, which leads on to `play`: all in the folder. */
  readonly kind: 'open' | 'play';
  readonly trackId: string;
  readonly prefix: string;
  /** Whom it was given to; null for a stranger. */
  readonly userId: string | null;
  /** Given to the track's owner or an ADMIN, who may hear it while others may not. */
  readonly isOwn: boolean;
  /** Unix milliseconds. */
  readonly expiresAt: number;
  /** Of the track. */
  readonly durationMs: number;
}

type Claims = readonly [
  kind: 'open' | 'play',
  trackId: string,
  prefix: string,
  userId: string | null,
  isOwn: boolean,
  expiresAt: number,
  durationMs: number,
];

/** A grant as one path segment, for the streamer that knows the key. */
export function signGrant(key: string, grant: Grant): string {
  const { kind, trackId, prefix, userId, isOwn, expiresAt, durationMs } = grant;
  const told: Claims = [kind, trackId, prefix, userId, isOwn, expiresAt, durationMs];
  const claims = Buffer.from(JSON.stringify(told)).toString('base64url');
  return `${claims}.${mac(key, claims)}`;
}

/** The grant behind a path segment: `expired`, or null for one that we did not sign. */
export function readGrant(key: string, segment: string, now = Date.now()): Grant | 'expired' | null {
  const [claims = '', signature = ''] = segment.split('.');
  const [given, expected] = [Buffer.from(signature), Buffer.from(mac(key, claims))];
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const [kind, trackId, prefix, userId, isOwn, expiresAt, durationMs] = JSON.parse(
    Buffer.from(claims, 'base64url').toString(),
  ) as Claims;
  if (expiresAt <= now) return 'expired';
  return { kind, trackId, prefix, userId, isOwn, expiresAt, durationMs };
}

/**
 * Reads grants of which most come again and again, a player's with each segment: what was proved once is known again by
 * its text, and still expires.
 */
export function createGrantReader(key: string): (segment: string, now?: number) => Grant | 'expired' | null {
  const proved = new LruMap<string, Grant>(MAX_PROVED);
  return (segment, now = Date.now()) => {
    const known = proved.get(segment);
    if (known) return known.expiresAt <= now ? 'expired' : known;
    const grant = readGrantSafely(key, segment, now);
    if (grant !== null && grant !== 'expired') proved.set(segment, grant);
    return grant;
  };
}

/** What opening a stream leads to. */
export function toPlayGrant(grant: Grant, now = Date.now()): Grant {
  const life = Math.min(grant.durationMs + PAUSE_MS, GRANT_LIFE_MS);
  return { ...grant, kind: 'play', expiresAt: now + life };
}

/** The word before the claims is another than that of grants of another shape. */
function mac(key: string, claims: string): string {
  return createHmac('sha256', key).update(`stream:${claims}`).digest('base64url');
}

function readGrantSafely(key: string, segment: string, now: number) {
  try {
    return readGrant(key, segment, now);
  } catch {
    return null;
  }
}
