import { createHash, randomUUID } from 'node:crypto';

import { type DataOf, operationsRun, UserId } from '@volna/events';
import type { Bus } from '@volna/platform/bus';
import { type Gathering, startGathering } from '@volna/platform/gather';
import { LruMap } from '@volna/platform/lru-map';
import type { FormattedExecutionResult } from 'graphql';

import type { OperationContext } from '../context.ts';
import type { ClientOperation } from './client-operation.ts';
import type { RunOnce } from './run-once.ts';

type Line = DataOf<typeof operationsRun>['operations'][number];

/** Texts whose hashes are kept. */
const MAX_HASHES = 1_000;

export interface OperationLogOptions {
  readonly bus: Pick<Bus, 'publish'>;
  /** Share of the operations that is logged, 0–1. */
  readonly share: number;
}

/** A sample of what the gateway answers, told to analytics in batches. No request waits for it. */
export class OperationLog implements AsyncDisposable {
  readonly #share: number;
  readonly #lines: Gathering<Line>;
  readonly #hashes = new LruMap<string, string>(MAX_HASHES);

  constructor({ bus, share }: OperationLogOptions) {
    this.#share = share;
    this.#lines = startGathering((operations) => bus.publish(operationsRun, { share, operations }));
  }

  /** The same way to run an operation, with a line for those that are of the sample. */
  over(run: RunOnce): RunOnce {
    return async (operation, context) => {
      if (Math.random() >= this.#share) return run(operation, context);
      const begin = performance.now();
      const result = await run(operation, context);
      this.#lines.note(this.#lineOf(operation, context, result, performance.now() - begin));
      return result;
    };
  }

  #lineOf(
    { query, operationName }: ClientOperation,
    { caller, cost }: OperationContext,
    { errors }: FormattedExecutionResult,
    ms: number,
  ): Line {
    const code = errors?.[0]?.extensions?.['code'];
    return {
      id: randomUUID(),
      name: operationName?.slice(0, 100) ?? null,
      hash: this.#hashes.take(query, () => createHash('sha256').update(query).digest('hex')),
      userId: caller.viewer ? UserId.parse(caller.viewer.userId) : null,
      status: errors ? 'ERROR' : 'OK',
      errorCode: typeof code === 'string' ? code : null,
      ms,
      cost: cost?.requested ?? 0,
      at: new Date().toISOString(),
    };
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#lines[Symbol.asyncDispose]();
  }
}
