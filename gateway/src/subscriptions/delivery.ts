import type { ExecutionResult, FormattedExecutionResult } from 'graphql';

import { presentResult } from '../operations/results.ts';

/** One result of a subscription, as all see it who get it. */
export class Delivery {
  readonly result: FormattedExecutionResult;
  /** Subgraphs that failed and whose last answers stand in for them. */
  readonly stale: Set<string> | undefined;
  /** How far it takes whoever has it, where the subgraph says so. */
  readonly position: number | undefined;
  #text: string | undefined;

  constructor(result: ExecutionResult, stale: Set<string> | undefined) {
    this.result = presentResult(result);
    this.stale = stale;
    const position = result.extensions?.['position'];
    this.position = typeof position === 'number' ? position : undefined;
  }

  get text(): string {
    return (this.#text ??= JSON.stringify(this.result));
  }
}
