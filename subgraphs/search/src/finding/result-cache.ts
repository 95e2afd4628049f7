import { createHash, randomUUID } from 'node:crypto';

import type { Cache } from '@volna/platform/cache';
import { logger } from '@volna/platform/log';

/** How long an answer is good that no event has made old. */
const TTL_MS = 10 * 60_000;
const GENERATION_TTL_MS = 24 * 60 * 60_000;
const GENERATION = 'search:generation';

/** Answers to what is asked again, for as long as the index stays as it is. */
export interface ResultCache {
  /** The answer that is kept under these words, or the one that is made now. */
  answer<Answer>(question: readonly unknown[], make: () => Promise<Answer>): Promise<Kept<Answer>>;
  /** No answer that was made before now is given any more. Called after the change is committed. */
  forgetAll(): Promise<void>;
}

export interface Kept<Answer> {
  readonly value: Answer;
  /** Made for an earlier request: what has been hidden since may be in it. */
  readonly isOld: boolean;
}

/**
 * Keeps in the shared cache what is asked for the second time in ten minutes, so that questions which nobody asks again
 * take no room. A cache that is away costs time and nothing else.
 */
export function createResultCache(cache: Cache): ResultCache {
  async function readGeneration(): Promise<string> {
    const known = await cache.get(GENERATION);
    if (known !== null) return known;
    await cache.setIfAbsent(GENERATION, randomUUID(), GENERATION_TTL_MS);
    return (await cache.get(GENERATION)) ?? randomUUID();
  }

  async function look(question: readonly unknown[]): Promise<{ key: string; kept: string | null }> {
    // read before the answer is made: a change in between makes it old at once
    const generation = await readGeneration();
    const digest = createHash('sha256').update(JSON.stringify(question)).digest('base64url');
    const key = `search:answer:${generation}:${digest}`;
    return { key, kept: await cache.get(key) };
  }

  async function keep(key: string, value: unknown): Promise<void> {
    const isFirst = await cache.setIfAbsent(`${key}:asked`, '1', TTL_MS);
    if (!isFirst) await cache.set(key, JSON.stringify(value), TTL_MS);
  }

  return {
    async answer(question, make) {
      const looked = await look(question).catch(ignore);
      if (looked?.kept != null) return { value: JSON.parse(looked.kept), isOld: true };
      const value = await make();
      if (looked) await keep(looked.key, value).catch(ignore);
      return { value, isOld: false };
    },
    async forgetAll() {
      await cache.set(GENERATION, randomUUID(), GENERATION_TTL_MS).catch(ignore);
    },
  };
}

function ignore(err: unknown): null {
  logger.warn({ err }, 'the cache does not answer: search goes on without it');
  return null;
}
