import { createHmac, timingSafeEqual } from 'node:crypto';

const SEPARATOR = '&signature=';

/**
 * A request target (path and query, its time of expiry in it) with the proof that we named it. The proof is
 * over the target as it is written, so that no other spelling of it is good.
 */
export function signTarget(key: string, method: string, target: string, expiresAt: Date): string {
  const named = `${target}${target.includes('?') ? '&' : '?'}expires=${expiresAt.getTime()}`;
  return `${named}${SEPARATOR}${prove(key, method, named)}`;
}

/** The path and the query of a target that we signed and that is not expired, or what is wrong with it. */
export function verifyTarget(
  key: string,
  method: string,
  signed: string,
): URL | 'BAD_SIGNATURE' | 'URL_EXPIRED' {
  const at = signed.lastIndexOf(SEPARATOR);
  const named = signed.slice(0, Math.max(at, 0));
  const proof = signed.slice(at + SEPARATOR.length);
  if (at < 0 || !isEqual(proof, prove(key, method, named))) return 'BAD_SIGNATURE';
  const url = new URL(named, 'http://localhost');
  return Date.now() < Number(url.searchParams.get('expires')) ? url : 'URL_EXPIRED';
}

function prove(key: string, method: string, target: string): string {
  return createHmac('sha256', key).update(`volna-objects\n${method}\n${target}`).digest('base64url');
}

/** Compares the text itself: decoded, the last character would have four spellings. */
function isEqual(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
