import type { Caller } from '@volna/platform/identity';

import type { Withheld } from './executor/index.ts';
import type { Cost } from './limits/limits.ts';
import type { Notes } from './subgraphs/remote.ts';

/** What the gateway knows of one operation while it runs. */
export interface OperationContext extends Notes {
  readonly caller: Caller;
  /** What the program that asks calls itself. */
  readonly client?: string | undefined;
  cost?: Cost;
  /** What the caller may not have of it. */
  withheld?: Withheld | null;
}
