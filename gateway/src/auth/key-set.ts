import { logger } from '@volna/platform/log';
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';

/** Where the public keys come from: a URL, or whoever holds them. */
export type KeySource = string | (() => JSONWebKeySet | Promise<JSONWebKeySet>);

/** From this age on keys are asked for anew, while nobody waits: a key that is gone verifies nothing any more. */
const FRESH_MS = 30_000;
/** How often keys may be asked for because of a token that names an unknown one. */
const COOLDOWN_MS = 10_000;
const TIMEOUT_MS = 3_000;

const Keys = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

/** The keys of a source. While it does not answer, those that it gave before go on counting. */
export function createKeySet(source: KeySource, now = () => performance.now()): JWTVerifyGetKey {
  const read = typeof source === 'string' ? () => fetchKeys(source) : source;
  let keys: JWTVerifyGetKey | undefined;
  let askedAt = -Infinity;
  let asking: Promise<JWTVerifyGetKey> | undefined;

  async function ask(): Promise<JWTVerifyGetKey> {
    askedAt = now();
    keys = createLocalJWKSet(await read());
    return keys;
  }
  function askOnce(): Promise<JWTVerifyGetKey> {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  }
  const age = () => now() - askedAt;

  return async (header, token) => {
    if (keys && age() > FRESH_MS) {
      askOnce().catch((err: unknown) => logger.warn({ err }, 'the keys of access tokens cannot be read'));
    }
    try {
      return await (keys ?? (await askOnce()))(header, token);
    } catch (err) {
      const mayBeNew = err instanceof errors.JWKSNoMatchingKey && (asking || age() > COOLDOWN_MS);
      if (!mayBeNew) throw err;
      return (await askOnce())(header, token);
    }
  };
}

async function fetchKeys(url: string): Promise<JSONWebKeySet> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return Keys.parse(await response.json());
}
