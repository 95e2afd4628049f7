import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import type { TrackCredit } from '../models.ts';

export type CreditsByTrack = DataLoader<string, TrackCredit[]>;

/** Everybody's part in each track, the main artists first. */
export function createCreditsByTrack(db: Database): CreditsByTrack {
  return new DataLoader(async (trackIds) => {
    const credits = await db.trackCredit.findMany({
      where: { trackId: { in: [...trackIds] } },
      orderBy: [{ trackId: 'asc' }, { position: 'asc' }],
    });
    const byTrack = Map.groupBy(credits, ({ trackId }) => trackId);
    return trackIds.map((id) => byTrack.get(id) ?? []);
  });
}
