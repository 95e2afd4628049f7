import type { DataOf, moderationDecided } from '@volna/events';

import type { Transaction } from '../database.ts';
import { lockIds } from '../domain/lock-ids.ts';
import { refreshTexts } from '../texts/refresh-texts.ts';

type Decision = DataOf<typeof moderationDecided>;

/**
 * Hides an artist, an album or a playlist, or lets it be found again, as moderators have decided; an older decision
 * changes nothing. What is hidden may not be known here yet. Tracks follow `trackOpennessChanged`.
 */
export async function noteDecision(tx: Transaction, event: Decision): Promise<void> {
  const { targetType, targetId: id, state, at } = event;
  if (targetType === 'TRACK') return;
  const albums = await albumsOf(tx, id);
  await lockIds(tx, [...new Set([id, ...albums])]);
  const known = await tx.moderatedThing.findUnique({ where: { id } });
  if (known && known.at >= new Date(at)) return;
  await tx.moderatedThing.upsert({ where: { id }, create: { id, state, at }, update: { state, at } });
  await tx.$executeRaw`
    UPDATE search_entry e SET is_public = e.is_stated_public AND NOT EXISTS (
      SELECT FROM moderated_thing m
      WHERE m.state <> 'CLEAR' AND (m.id = e.id OR (e.kind = 'ALBUM' AND m.id = e.artist_id)))
    WHERE e.id = ANY (${[id, ...albums]})`;
  await refreshTracks(tx, albums);
}

/** The album that this is, or those of the page that it is. */
async function albumsOf(tx: Transaction, id: string): Promise<string[]> {
  const albums = await tx.searchEntry.findMany({
    where: { kind: 'ALBUM', OR: [{ id }, { artistId: id }] },
    select: { id: true },
  });
  return albums.map((album) => album.id);
}

/** Tracks are found by the titles of the albums that may be found. */
async function refreshTracks(tx: Transaction, albumIds: string[]): Promise<void> {
  const albums = await tx.albumTracks.findMany({ where: { albumId: { in: albumIds } } });
  const trackIds = [...new Set(albums.flatMap((album) => album.trackIds))];
  await lockIds(tx, trackIds);
  await refreshTexts(tx, trackIds);
}

/** Whether moderators keep any of these out of sight. */
export async function isHidden(tx: Transaction, ids: readonly string[]): Promise<boolean> {
  return (await tx.moderatedThing.count({ where: { id: { in: [...ids] }, state: { not: 'CLEAR' } } })) > 0;
}
