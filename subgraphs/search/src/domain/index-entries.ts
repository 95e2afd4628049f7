import type {
  DataOf,
  albumDeleted,
  albumDescribed,
  albumTracksChanged,
  playlistDeleted,
  playlistDescribed,
} from '@volna/events';

import type { Transaction } from '../database.ts';
import { isHidden } from '../moderation/note-decision.ts';
import { refreshTexts } from '../texts/refresh-texts.ts';
import { lockIds } from './lock-ids.ts';

export async function indexAlbum(tx: Transaction, event: DataOf<typeof albumDescribed>): Promise<void> {
  const { albumId, artistId, ownerId, title, year, isReleased } = event;
  await lockIds(tx, [albumId]);
  if (await isDeleted(tx, albumId)) return;
  await lockIds(tx, [artistId]);
  const isPublic = isReleased !== false;
  await putEntry(tx, albumId, { kind: 'ALBUM', ownerId, isPublic, artistId, year, title });
  const album = await tx.albumTracks.findUnique({ where: { albumId } });
  const trackIds = album?.trackIds ?? [];
  await lockIds(tx, trackIds);
  await refreshTexts(tx, [albumId, ...trackIds]);
}

export async function indexPlaylist(tx: Transaction, event: DataOf<typeof playlistDescribed>): Promise<void> {
  await lockIds(tx, [event.playlistId]);
  if (await isDeleted(tx, event.playlistId)) return;
  await putEntry(tx, event.playlistId, {
    kind: 'PLAYLIST',
    ownerId: event.ownerId,
    isPublic: event.visibility === 'PUBLIC',
    artistId: null,
    year: null,
    title: event.title,
  });
  await refreshTexts(tx, [event.playlistId]);
}

/** Whichever comes last of the album's description, its tracks and theirs, it refreshes the words. */
export async function indexAlbumTracks(
  tx: Transaction,
  { albumId, trackIds }: DataOf<typeof albumTracksChanged>,
): Promise<void> {
  await lockIds(tx, [albumId]);
  if (await isDeleted(tx, albumId)) return;
  const before = await tx.albumTracks.findUnique({ where: { albumId } });
  const touched = [...new Set([...(before?.trackIds ?? []), ...trackIds])];
  await lockIds(tx, touched);
  await tx.albumTracks.upsert({ where: { albumId }, create: { albumId, trackIds }, update: { trackIds } });
  await refreshTexts(tx, touched);
}

/** Its tracks are no longer found by its title. */
export async function forgetAlbum(tx: Transaction, { albumId }: DataOf<typeof albumDeleted>): Promise<void> {
  await forgetEntry(tx, albumId);
  const album = await tx.albumTracks.findUnique({ where: { albumId } });
  if (!album) return;
  await lockIds(tx, album.trackIds);
  await tx.albumTracks.delete({ where: { albumId } });
  await refreshTexts(tx, album.trackIds);
}

export async function forgetPlaylist(
  tx: Transaction,
  { playlistId }: DataOf<typeof playlistDeleted>,
): Promise<void> {
  await forgetEntry(tx, playlistId);
}

/** What is told of it later, by a message that was late, changes nothing. */
export async function forgetEntry(tx: Transaction, id: string): Promise<void> {
  await lockIds(tx, [id]);
  await tx.deletedEntry.createMany({ data: [{ id }], skipDuplicates: true });
  await tx.searchEntry.deleteMany({ where: { id } });
}

export async function isDeleted(tx: Transaction, id: string): Promise<boolean> {
  return (await tx.deletedEntry.count({ where: { id } })) > 0;
}

type Entry = Omit<
  Parameters<Transaction['searchEntry']['create']>[0]['data'],
  'id' | 'genreKeys' | 'isStatedPublic'
>;

/** What moderators hide stays hidden, whatever is stated of it. An album goes with the page that it is on. */
export async function putEntry(tx: Transaction, id: string, entry: Entry): Promise<void> {
  const page = entry.kind === 'ALBUM' && entry.artistId ? [entry.artistId] : [];
  const isPublic = entry.isPublic && !(await isHidden(tx, [id, ...page]));
  const row = { ...entry, isPublic, isStatedPublic: entry.isPublic };
  await tx.searchEntry.upsert({ where: { id }, create: { id, genreKeys: [], ...row }, update: row });
}
