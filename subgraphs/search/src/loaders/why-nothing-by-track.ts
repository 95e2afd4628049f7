import DataLoader from 'dataloader';

import type { Deps } from '../context.ts';
import { IS_SILENT, LEAST_MS } from '../domain/may-be-offered.ts';
import type { EmptyBecause } from '../generated/graphql.ts';

export type WhyNothingByTrack = DataLoader<string, EmptyBecause>;

/** Why nothing sounds like a track; of one that the viewer may not hear it is not said more than of one that is not there. */
export function createWhyNothingByTrack(
  { db }: Pick<Deps, 'db'>,
  viewerId: string | null,
): WhyNothingByTrack {
  return new DataLoader(async (ids) => {
    const rows = await db.$queryRaw<{ id: string; because: EmptyBecause }[]>`
      SELECT t.id, CASE
          WHEN ${IS_SILENT} THEN 'SILENT'
          WHEN t.duration_ms < ${LEAST_MS} THEN 'TOO_SHORT'
          WHEN t.embedding_model IS NULL THEN 'NOT_ANALYZED'
          ELSE 'NO_MATCH' END AS because
      FROM indexed_track t
      WHERE t.id = ANY (${[...ids]}::text[]) AND (t.is_open OR t.owner_id = ${viewerId})`;
    const byId = new Map(rows.map(({ id, because }) => [id, because]));
    return ids.map((id) => byId.get(id) ?? 'NOT_ANALYZED');
  });
}
