import type { Context } from '../context.ts';
import type { ExportPlaylistInput } from '../generated/graphql.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Playlist } from '../models.ts';
import { findPlaylist } from '../playlists/follow-playlist.ts';
import { findSmart } from '../smart/find-smart.ts';
import { seenBy, shownFor } from '../visibility.ts';
import { type Entry, locationOf } from './entry.ts';
import { FORMATS } from './formats.ts';

const URL_MS = 60 * 60_000;
const ALL = 100_000;

/** Where the files of a user are kept. */
export function exportsFolder(userId: string): string {
  return `playlists/${userId}`;
}

/** Writes a playlist with the tracks that the viewer may hear; the last file of each format is kept for its URL. */
export async function exportPlaylist(context: Context, { playlistId, format }: ExportPlaylistInput) {
  const { userId } = context.requireViewer();
  const playlist = await findPlaylist(context, playlistId);
  const entries = await readEntries(context, playlist);
  const { extension, mediaType, write } = FORMATS[format];
  const content = write({ title: playlist.title, entries });
  const fileName = `${nameOf(playlist.title)}.${extension}`;
  const key = `${exportsFolder(userId)}/${playlistId}.${extension}`;
  await context.objects.put(key, Buffer.from(content), { contentType: mediaType });
  const { url } = await context.objects.signGet(key, URL_MS, { downloadName: fileName });
  return { file: { content, fileName, mediaType, url, itemCount: entries.length } };
}

interface Row {
  readonly id: string;
  readonly title: string;
  readonly artist: string;
  readonly durationMs: number | null;
}

async function readEntries({ db, viewer }: Context, playlist: Playlist): Promise<Entry[]> {
  const page = { take: ALL, after: null };
  const smart = playlist.smart === null ? null : await findSmart(db, viewer, [playlist], page);
  const rows = smart
    ? await db.$queryRaw<Row[]>`
        SELECT t.id, t.title, t.artist_name AS artist, t.duration_ms AS "durationMs"
        FROM unnest(${smart.map(({ trackId }) => trackId)}::text[]) WITH ORDINALITY AS s (id, place)
        JOIN track_ref t ON t.id = s.id ORDER BY s.place`
    : await db.$queryRaw<Row[]>`
        SELECT t.id, t.title, t.artist_name AS artist, t.duration_ms AS "durationMs"
        FROM playlist_item i JOIN ${shownFor(Prisma.sql`i.track_id`)}
        WHERE i.playlist_id = ${playlist.id} AND ${seenBy(viewer)} ORDER BY i.position`;
  return rows.map(({ id, title, artist, durationMs }) => ({
    title: title || null,
    artist: artist || null,
    durationMs,
    location: locationOf(id),
  }));
}

/** A file name that every system takes. */
function nameOf(title: string): string {
  const name = title
    .toWellFormed()
    // oxlint-disable-next-line no-control-regex -- a name without them is the point
    .replaceAll(/[\u0000-\u001f\u007f"*/:<>?\\|]/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^[ .]+|[ .]+$/g, '');
  return name.slice(0, 100) || 'playlist';
}
