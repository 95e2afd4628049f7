import type { Tx } from '../transaction.ts';
import { stateTracks } from './state-album.ts';

export const MAX_ALBUM_TRACKS = 1000;

export interface Place {
  readonly trackId: string;
  readonly disc: number;
}

/** The tracks of an album, disc after disc. The caller holds the album's lock. */
export async function readOrder(tx: Pick<Tx, 'albumTrack'>, albumId: string): Promise<Place[]> {
  const rows = await tx.albumTrack.findMany({ where: { albumId }, orderBy: { position: 'asc' } });
  return rows.map(({ trackId, disc }) => ({ trackId, disc }));
}

/** Lets an album have these tracks in this order and no others, and states it. The caller holds the album's lock. */
export async function putOrder(
  tx: Pick<Tx, 'albumTrack' | 'outbox' | '$executeRaw'>,
  albumId: string,
  places: readonly Place[],
): Promise<void> {
  const trackIds = places.map(({ trackId }) => trackId);
  await tx.albumTrack.deleteMany({ where: { albumId, trackId: { notIn: trackIds } } });
  await tx.$executeRaw`
    INSERT INTO album_track (album_id, track_id, disc, position)
    SELECT ${albumId}, p.track_id, p.disc, p.place - 1
    FROM unnest(${trackIds}::text[], ${places.map(({ disc }) => disc)}::int[])
      WITH ORDINALITY AS p (track_id, disc, place)
    ON CONFLICT (album_id, track_id) DO UPDATE SET disc = excluded.disc, position = excluded.position`;
  await stateTracks(tx, albumId, trackIds);
}

/** Puts tracks that are not there yet at the end of a disc; of the last one unless told. */
export function appended(
  places: readonly Place[],
  trackIds: readonly string[],
  wanted?: number | null,
): Place[] {
  const disc = wanted ?? places.at(-1)?.disc ?? 1;
  const known = new Set(places.map(({ trackId }) => trackId));
  const fresh = [...new Set(trackIds)].filter((id) => !known.has(id)).map((trackId) => ({ trackId, disc }));
  return byDisc([...places, ...fresh]);
}

/** With one track at another place; `number` counts from 1 on its disc. */
export function moved(places: readonly Place[], trackId: string, disc: number, number: number): Place[] {
  const others = places.filter((place) => place.trackId !== trackId);
  const before = others.filter((place) => place.disc < disc);
  const on = others.filter((place) => place.disc === disc);
  const after = others.filter((place) => place.disc > disc);
  return [...before, ...on.toSpliced(number - 1, 0, { trackId, disc }), ...after];
}

/** Disc after disc; the order on each stays. */
export function byDisc(places: readonly Place[]): Place[] {
  return places.toSorted((a, b) => a.disc - b.disc);
}
