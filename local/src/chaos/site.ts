import type { Objects } from '@volna/platform/objects';

import type { ServiceName } from '../backends/options.ts';
import type { Account } from '../testing/listener.ts';

/** The whole system, however it runs, as those see it who use it and who look after it. */
export interface Site {
  readonly endpoint: string;
  readonly owner: Account;
  readonly artistId: string;
  readonly objects: Objects;
  databaseUrl(this: void, service: ServiceName): string;
}
