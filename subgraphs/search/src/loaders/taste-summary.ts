import DataLoader from 'dataloader';

import type { Deps } from '../context.ts';
import { summarise, type TasteSummary } from '../taste/summarise.ts';

export type TasteSummaries = DataLoader<string, TasteSummary>;

/** One look for all that is asked of a taste; only of the viewer's own, so that there is one. */
export function createTasteSummaries(deps: Pick<Deps, 'db'>): TasteSummaries {
  return new DataLoader((userIds) => Promise.all(userIds.map((userId) => summarise(deps, userId))));
}
