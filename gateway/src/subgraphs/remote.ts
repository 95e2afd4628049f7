import { setTimeout as wait } from 'node:timers/promises';

import type { Cache } from '@volna/platform/cache';
import type { Caller } from '@volna/platform/identity';
import { logger } from '@volna/platform/log';
import type { Subgraph } from '@volna/platform/subgraph';

import type { RawResult } from '../executor/index.ts';
import { CircuitOpenError, isUnsent, LateError, mayRetry } from './faults.ts';
import { RetryBudget, SUBGRAPH_POLICY, type SubgraphPolicy } from './policy.ts';
import { StaleAnswers, type StaleOptions } from './stale-answers.ts';
import { SubscriptionSockets } from './subscription-sockets.ts';
import { type Answered, Target, Targets } from './target.ts';
import { SubgraphUnavailableError } from './unavailable.ts';

export interface RemoteOptions {
  readonly name: string;
  /** All of one service. */
  readonly urls: readonly string[];
  /** Shared with the subgraphs: proves to them that the gateway asks. */
  readonly internalKey: string;
  /** Connections to each URL. */
  readonly connections?: number;
  readonly policy?: Partial<SubgraphPolicy>;
  /** Where answers to strangers are kept, to be given again when the subgraph fails. */
  readonly cache?: Cache | undefined;
  readonly stale?: StaleOptions;
}

/** What there is to tell of an operation beside its result. */
export interface Notes {
  /** Subgraphs that failed and whose last answers stand in for them. */
  stale?: Set<string>;
}

export interface SendOptions {
  readonly timeoutMs?: number;
  /** Never sent twice. */
  readonly isMutation?: boolean;
  /** Takes what there is to tell. Without it an old answer is no answer: what the gateway asks for itself is never kept. */
  readonly notes?: Notes | undefined;
}

/** A subgraph behind URLs. */
export interface RemoteSubgraph extends Subgraph, AsyncDisposable {
  /** `execute` for a request that is JSON already. */
  send(body: string, caller: Caller, options?: SendOptions): Promise<RawResult>;
  /** Whether any of its URLs answers its health check. */
  isReady(): Promise<boolean>;
}

const TIMEOUT_MS = 4_000;
/** Before the first retry, half of it by chance; twice as long before the next. */
const BACK_OFF_MS = 50;

export function createRemoteSubgraph({ connections = 64, ...options }: RemoteOptions): RemoteSubgraph {
  const { name, urls, internalKey, cache } = options;
  const policy = { ...SUBGRAPH_POLICY, ...options.policy };
  const targets = new Targets(urls.map((url) => new Target({ name, url, internalKey, connections, policy })));
  const sockets = new SubscriptionSockets({
    name,
    chooseUrl: () => targets.choose()?.url ?? urls[0] ?? '',
    internalKey,
  });
  const answers = cache && new StaleAnswers(cache, name, options.stale);
  const tryHard = createTries(targets, policy);

  const send: RemoteSubgraph['send'] = async (
    body,
    caller,
    { timeoutMs = TIMEOUT_MS, isMutation = false, notes } = {},
  ) => {
    try {
      const limit = isMutation ? timeoutMs : (policy.timeoutMs ?? timeoutMs);
      const { result, text } = await tryHard(body, caller, limit, isMutation);
      if (notes && !isMutation) answers?.note(body, caller, text, result);
      return result;
    } catch (err) {
      if (!(err instanceof CircuitOpenError)) logger.warn({ err, service: name }, 'subgraph failed');
      const last = notes && !isMutation && (await answers?.find(body, caller));
      if (!last) throw new SubgraphUnavailableError(name, err);
      (notes.stale ??= new Set()).add(name);
      return last;
    }
  };

  return {
    name,
    send,
    execute: async (request, caller) => {
      const isMutation = /^\s*mutation\b/.test(request.query);
      return (await send(JSON.stringify(request), caller, { isMutation })) as never;
    },
    subscribe: (request, caller) => sockets.subscribe(request, caller),
    isReady: () => targets.isReady(),
    async [Symbol.asyncDispose]() {
      await sockets[Symbol.asyncDispose]();
      await targets[Symbol.asyncDispose]();
    },
  };
}

/**
 * Sends a request until it is answered, its time is over, or it is not worth another try. A mutation goes to
 * another URL only when the first has seen nothing of it.
 */
function createTries(targets: Targets, policy: SubgraphPolicy) {
  const budget = new RetryBudget();

  return async (body: string, caller: Caller, timeoutMs: number, isMutation: boolean): Promise<Answered> => {
    const endsAt = performance.now() + timeoutMs;
    let failed: Target | undefined;
    let reason: unknown;
    budget.earn();
    for (let retry = 0; ; retry++) {
      const target = targets.choose(failed);
      if (!target) throw reason ?? new CircuitOpenError('every URL is left alone');
      try {
        return await target.ask(body, caller, retry === 0 ? timeoutMs : endsAt - performance.now());
      } catch (err) {
        if (isMutation ? !isUnsent(err) : !mayRetry(err)) throw err;
        if (retry >= policy.retries || !budget.spend()) throw err;
        reason = err;
      }
      // where there is another URL, the first retry need not wait
      const pauseMs = retry === 0 && targets.choose(target) !== target ? 0 : backOff(retry);
      if (endsAt - performance.now() <= pauseMs) throw new LateError(timeoutMs);
      if (pauseMs > 0) await wait(pauseMs);
      failed = target;
    }
  };
}

function backOff(retry: number): number {
  return BACK_OFF_MS * 2 ** retry * (0.5 + Math.random() / 2);
}
