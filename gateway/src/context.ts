import type { Caller } from '@volna/platform/identity';

import type { Cost } from './limits/limits.ts';

/** What the gateway knows of one operation while it runs. */
export interface OperationContext {
  readonly caller: Caller;
  cost?: Cost;
}
