import type { Context } from '../context.ts';
import { readId } from '../domain/read-id.ts';
import { mayManage } from '../domain/visibility.ts';
import type { Artist } from '../models.ts';

export interface Removal {
  readonly artist: Artist;
  readonly tracks: number;
  readonly credits: number;
}

/** What goes with an artist page, for whoever may remove it. */
export async function artistRemoval(
  { db, viewer, artistById }: Context,
  artistId: string,
): Promise<Removal | null> {
  const id = readId('Artist', artistId);
  const artist = id && (await artistById.load(id));
  if (!artist || !mayManage(viewer, artist)) return null;
  const tracks = await db.track.count({ where: { artistId: id } });
  const credits = await db.track.count({
    where: { artistId: { not: id }, credits: { some: { artistId: id } } },
  });
  return { artist, tracks, credits };
}
