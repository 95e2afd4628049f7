import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import { type Playable, toPlayable } from '../playable.ts';

export type PlayableById = DataLoader<string, Playable | null>;

/** One query for all the tracks that a request wants to play. */
export function createPlayableById(db: Database): PlayableById {
  return new DataLoader(async (ids) => {
    const rows = await db.playableTrack.findMany({ where: { id: { in: [...ids] } } });
    const byId = new Map(rows.map((row) => [row.id, toPlayable(row)]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}
