import type { Deps } from '../context.ts';
import { type ListedTrack, type Narrowing, passesNarrowing, readListed } from './list-popular.ts';

/** Tracks of one artist, so that an import of many does not fill the list. */
const PER_ARTIST = 2;
/** The newest tracks that are looked through for it. */
const LOOKED_THROUGH = 2_000;
const SPARE = 50;

/** What was added last, a few of each artist, without what the viewer refuses. */
export async function listNew(
  deps: Pick<Deps, 'db'>,
  viewerId: string | null,
  narrowing: Narrowing,
  first: number,
): Promise<ListedTrack[]> {
  const rows = await deps.db.$queryRaw<{ id: string }[]>`
    SELECT id FROM (
      SELECT newest.*, row_number() OVER (PARTITION BY artist_id ORDER BY created_at DESC, id) AS place
      FROM (
        SELECT t.id, t.artist_id, t.created_at FROM indexed_track t
        WHERE t.is_open AND ${passesNarrowing(narrowing)}
        ORDER BY t.created_at DESC, t.id DESC LIMIT ${LOOKED_THROUGH}
      ) newest
    ) ranked
    WHERE place <= ${PER_ARTIST} ORDER BY created_at DESC, id LIMIT ${first + SPARE}`;
  return readListed(deps, viewerId, rows, first);
}
