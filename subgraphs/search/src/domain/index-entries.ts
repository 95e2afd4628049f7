import type {
  DataOf,
  albumDescribed,
  albumTracksChanged,
  artistCreated,
  playlistDescribed,
} from '@volna/events';

import type { Transaction } from '../database.ts';
import { entryTexts } from '../text/entry-texts.ts';
import { refreshAlbumWords } from './refresh-album-words.ts';

export async function indexArtist(tx: Transaction, event: DataOf<typeof artistCreated>): Promise<void> {
  await putEntry(tx, event.artistId, {
    kind: 'ARTIST',
    ownerId: event.ownerId,
    isPublic: true,
    artistId: event.artistId,
    year: null,
    ...entryTexts(event.name, []),
  });
}

export async function indexAlbum(tx: Transaction, event: DataOf<typeof albumDescribed>): Promise<void> {
  const artist = await tx.searchEntry.findUnique({ where: { id: event.artistId }, select: { title: true } });
  await putEntry(tx, event.albumId, {
    kind: 'ALBUM',
    ownerId: event.ownerId,
    isPublic: true,
    artistId: event.artistId,
    year: event.year,
    ...entryTexts(event.title, artist ? [artist.title] : []),
  });
  const album = await tx.albumTracks.findUnique({ where: { albumId: event.albumId } });
  if (album) await refreshAlbumWords(tx, album.trackIds);
}

export async function indexPlaylist(tx: Transaction, event: DataOf<typeof playlistDescribed>): Promise<void> {
  await putEntry(tx, event.playlistId, {
    kind: 'PLAYLIST',
    ownerId: event.ownerId,
    isPublic: event.visibility === 'PUBLIC',
    artistId: null,
    year: null,
    ...entryTexts(event.title, []),
  });
}

/** Whichever comes first, the album's description or its tracks: both refresh the words. */
export async function indexAlbumTracks(
  tx: Transaction,
  { albumId, trackIds }: DataOf<typeof albumTracksChanged>,
): Promise<void> {
  const before = await tx.albumTracks.findUnique({ where: { albumId } });
  await tx.albumTracks.upsert({ where: { albumId }, create: { albumId, trackIds }, update: { trackIds } });
  await refreshAlbumWords(tx, [...new Set([...(before?.trackIds ?? []), ...trackIds])]);
}

type Entry = Omit<Parameters<Transaction['searchEntry']['create']>[0]['data'], 'id' | 'genreKeys'>;

async function putEntry(tx: Transaction, id: string, entry: Entry): Promise<void> {
  await tx.searchEntry.upsert({ where: { id }, create: { id, genreKeys: [], ...entry }, update: entry });
}
