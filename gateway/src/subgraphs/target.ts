import { type Caller, IDENTITY_HEADER, signCaller } from '@volna/platform/identity';
import { logger } from '@volna/platform/log';
import { circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen } from 'cockatiel';
import { Pool } from 'undici';

import type { RawResult } from '../executor/index.ts';
import { isFault, StatusError } from './faults.ts';
import type { SubgraphPolicy } from './policy.ts';
import { post } from './post.ts';

export interface TargetOptions {
  readonly name: string;
  readonly url: string;
  readonly internalKey: string;
  readonly connections: number;
  readonly policy: SubgraphPolicy;
}

export interface Answered {
  readonly result: RawResult;
  /** What `result` was read from. */
  readonly text: string;
}

/** What a URL that is left alone is asked to see whether it answers again. */
const PROBE = '{"query":"query{__typename}"}';
const PROBE_MS = 1_000;
const PROBER: Caller = { viewer: null, correlationId: 'probe', ip: '', userAgent: 'volna-gateway' };
/** How long a server that closes its connections counts as one that is about to stop. */
const LEAVING_MS = 5_000;

/**
 * One URL of a subgraph. After so many failures in a row it is open: requests go elsewhere or fail at once, and
 * a probe of the gateway's own, never a client's request, finds out when it is well again.
 */
export class Target implements AsyncDisposable {
  readonly url: string;
  outstanding = 0;
  readonly #options: TargetOptions;
  readonly #path: string;
  readonly #pool: Pool;
  readonly #breaker;
  #probe: NodeJS.Timeout | undefined;
  #leavingUntil = 0;

  constructor(options: TargetOptions) {
    const { url, connections, policy } = options;
    const { origin, pathname, search } = new URL(url);
    this.url = url;
    this.#options = options;
    this.#path = pathname + search;
    this.#pool = new Pool(origin, { connections, keepAliveTimeout: 30_000, connectTimeout: 2_000 });
    this.#breaker = circuitBreaker(handleWhen(isFault), {
      halfOpenAfter: policy.coolDownMs,
      breaker: new ConsecutiveBreaker(policy.failures),
    });
    this.#breaker.onBreak(() => this.#probeLater());
    this.#breaker.onReset(() => logger.info({ service: options.name, url }, 'circuit closed'));
  }

  get isOpen(): boolean {
    return this.#breaker.state !== CircuitState.Closed;
  }

  /** Whether it has said lately that it is about to stop. */
  get isLeaving(): boolean {
    return this.#leavingUntil > 0 && this.#leavingUntil > Date.now();
  }

  async ask(body: string, caller: Caller, timeoutMs: number): Promise<Answered> {
    this.outstanding++;
    try {
      return await this.#breaker.execute(() => this.#post(body, caller, timeoutMs));
    } finally {
      this.outstanding--;
    }
  }

  async isReady(): Promise<boolean> {
    const { statusCode, body } = await this.#pool.request({
      path: '/health/ready',
      method: 'GET',
      headersTimeout: 2_000,
    });
    await body.dump();
    return statusCode === 200;
  }

  async #post(body: string, caller: Caller, timeoutMs: number): Promise<Answered> {
    const { name, internalKey } = this.#options;
    const headers = {
      'content-type': 'application/json',
      [IDENTITY_HEADER]: signCaller(internalKey, name, body, caller),
    };
    const { status, text, isLast } = await post(this.#pool, { path: this.#path, headers, body, timeoutMs });
    this.#leavingUntil = isLast ? Date.now() + LEAVING_MS : 0;
    if (status !== 200) throw new StatusError(status, text);
    return { result: JSON.parse(text) as RawResult, text };
  }

  #probeLater(): void {
    const { name, url, policy } = this.#options;
    logger.warn({ service: name, url }, 'circuit open');
    clearTimeout(this.#probe);
    // one more, so that the breaker's clock has passed too
    this.#probe = setTimeout(() => {
      this.ask(PROBE, PROBER, PROBE_MS).catch((err: unknown) =>
        logger.debug({ err, service: name }, 'probe failed'),
      );
    }, policy.coolDownMs + 1).unref();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#probe);
    await this.#pool.destroy();
  }
}

/** Spreads requests over the URLs of a subgraph. */
export class Targets implements AsyncDisposable {
  readonly #all: readonly Target[];
  #turn = 0;

  constructor(all: readonly Target[]) {
    this.#all = all;
  }

  /**
   * The URL with the fewest requests under way among those in health, in turn among equals; `avoid` and those
   * that are about to stop only where there is no other. Undefined when all are open.
   */
  choose(avoid?: Target): Target | undefined {
    const { length } = this.#all;
    const start = this.#turn++ % length;
    let best: Target | undefined;
    let bestLoad = Infinity;
    for (let i = 0; i < length; i++) {
      const target = this.#all[(start + i) % length] as Target;
      if (target.isOpen) continue;
      const load = target.outstanding + (target === avoid || target.isLeaving ? 1e6 : 0);
      if (load >= bestLoad) continue;
      best = target;
      bestLoad = load;
    }
    return best;
  }

  /** Whether any answers its health check. */
  async isReady(): Promise<boolean> {
    const answers = await Promise.allSettled(this.#all.map(async (target) => target.isReady()));
    return answers.some((answer) => answer.status === 'fulfilled' && answer.value);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#all.map((target) => target[Symbol.asyncDispose]()));
  }
}
