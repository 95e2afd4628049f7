import { hash } from 'node:crypto';

import type { Cache } from '@volna/platform/cache';
import { lastHidingAt } from '@volna/platform/hidings';
import type { Caller } from '@volna/platform/identity';
import { logger } from '@volna/platform/log';
import { LruMap } from '@volna/platform/lru-map';

import type { RawResult } from '../executor/index.ts';

export interface StaleOptions {
  /** How long an answer may stand in for one that does not come: so long may something hidden since be seen. */
  readonly lifeMs?: number;
  /** One answer in so many is looked at: what is asked often comes up all the same, at a fraction of the CPU. */
  readonly sample?: number;
}

const LIFE_MS = 10 * 60_000;
const SAMPLE = 8;
/** How old the kept answer of a question that is asked all the time may get before it is kept anew. */
const REFRESH_MS = 60_000;
const MAX_QUESTIONS = 2_000;
const MAX_QUESTION_CHARS = 4_096;
const MAX_ANSWER_CHARS = 32 * 1024;
/** Keeping one in Redis costs as much as asking a subgraph. It also bounds the cache: 6,000 answers in ten minutes. */
const WRITES_PER_SECOND = 10;
/**
 * How much later than a decision to hide something an answer has to be kept to count: so long may one be on its way that
 * was made before, a service hear of the decision late, and clocks differ.
 */
const SETTLED_MS = 15_000;
/** How long the cache may take: a failing subgraph is to cost no more than its own time. */
const FIND_MS = 250;

/**
 * Last answers of one subgraph to strangers, for the time when it gives none. Answers to strangers depend on nobody,
 * so they may be given to any stranger, and hold nothing that is not public; nobody who has signed in gets one.
 */
export class StaleAnswers {
  readonly #cache: Cache;
  readonly #prefix: string;
  readonly #lifeMs: number;
  readonly #sample: number;
  /** When a question that has been asked before is to be kept next. */
  readonly #dueAt = new LruMap<string, number>(MAX_QUESTIONS);
  #second = 0;
  #writes = 0;

  constructor(cache: Cache, subgraph: string, { lifeMs = LIFE_MS, sample = SAMPLE }: StaleOptions = {}) {
    this.#cache = cache;
    this.#prefix = `stale:${subgraph}:`;
    this.#lifeMs = lifeMs;
    this.#sample = sample;
  }

  /** Keeps an answer when its question is not seen for the first time; not before the request has its answer. */
  note(body: string, { viewer }: Caller, text: string, { errors }: RawResult): void {
    // by chance: the requests of one page may come in a rhythm
    if (viewer || Math.random() * this.#sample >= 1) return;
    if (errors || body.length > MAX_QUESTION_CHARS || text.length > MAX_ANSWER_CHARS) return;
    const dueAt = this.#dueAt.get(body);
    if (dueAt === undefined) {
      this.#dueAt.set(body, 0);
      return;
    }
    const now = Date.now();
    if (dueAt > now || !this.#mayWrite(now)) return;
    this.#dueAt.set(body, now + Math.min(REFRESH_MS, this.#lifeMs));
    setImmediate(() => {
      this.#cache
        .set(this.#keyOf(body), `${now} ${text}`, this.#lifeMs)
        .catch((err: unknown) => logger.debug({ err }, 'an answer was not kept'));
    });
  }

  /** What the subgraph last said to this question. */
  async find(body: string, { viewer }: Caller): Promise<RawResult | null> {
    if (viewer || body.length > MAX_QUESTION_CHARS) return null;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), FIND_MS);
    });
    try {
      const text = await Promise.race([this.#read(body), late]);
      return text === null ? null : (JSON.parse(text) as RawResult);
    } catch (err) {
      logger.debug({ err }, 'no answer was found');
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Null also for an answer that may hold what has been hidden since. */
  async #read(body: string): Promise<string | null> {
    const [kept, hiddenAt] = await Promise.all([
      this.#cache.get(this.#keyOf(body)),
      lastHidingAt(this.#cache),
    ]);
    const [, at, text] = /^(\d+) ([^]*)$/.exec(kept ?? '') ?? [];
    return text === undefined || Number(at) < hiddenAt + SETTLED_MS ? null : text;
  }

  #mayWrite(now: number): boolean {
    const second = Math.floor(now / 1_000);
    if (second !== this.#second) this.#writes = 0;
    this.#second = second;
    return this.#writes++ < WRITES_PER_SECOND;
  }

  #keyOf(body: string): string {
    return `${this.#prefix}${hash('sha256', body, 'base64url')}`;
  }
}
