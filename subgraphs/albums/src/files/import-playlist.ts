import { newId } from '@volna/events';
import { UserError } from '@volna/platform/errors';
import { readInput } from '@volna/platform/read-input';
import { generateNKeysBetween } from 'fractional-indexing';
import { z } from 'zod';

import type { Context } from '../context.ts';
import { Title, Visibility } from '../domain/input-fields.ts';
import type { ImportPlaylistInput } from '../generated/graphql.ts';
import { readPlaylist } from '../playlists/change-playlist.ts';
import { putPlaylist } from '../playlists/create-playlist.ts';
import { logChange } from '../playlists/log-change.ts';
import { inTransaction, type Tx } from '../transaction.ts';
import { type PlaylistText, UnreadableError } from './entry.ts';
import { FORMATS, formatOf } from './formats.ts';
import { matchEntries } from './match-entries.ts';

const MAX_ENTRIES = 5_000;

const Imported = z.object({
  content: z.string().max(200_000, 'at most 200,000 characters'),
  format: z.enum(['M3U8', 'XSPF', 'JSPF']).nullish(),
  title: Title.nullish(),
  visibility: Visibility.nullish(),
});

/** Makes a playlist of the caller's from a file of another player, with what it speaks of that is here. */
export async function importPlaylist(context: Context, input: ImportPlaylistInput) {
  const { userId } = context.requireViewer();
  const { content, format, title, visibility } = readInput(Imported, input);
  const file = read(content, format ?? formatOf(content));
  const matches = await matchEntries(context, file.entries);
  const trackIds = matches.filter((id) => id !== null);
  const name = title ?? file.title?.slice(0, 200).trim() ?? '';
  const playlist = await inTransaction(context.db, async (tx) => {
    const made = await putPlaylist(tx, userId, { title: name || 'Imported', visibility });
    await putItems(tx, made.id, userId, trackIds);
    return (await readPlaylist(tx, context, made.id)) ?? made;
  });
  context.forget();
  context.wakeRelay();
  const unmatched = file.entries.flatMap(({ title: of, artist, durationMs }, at) =>
    matches[at] === null ? [{ number: at + 1, title: of, artist, durationMs }] : [],
  );
  return { playlist, matchedCount: trackIds.length, unmatched };
}

function read(content: string, format: keyof typeof FORMATS): PlaylistText {
  try {
    const file = FORMATS[format].read(content.replace(/^\uFEFF/, ''));
    if (file.entries.length > 0 && file.entries.length <= MAX_ENTRIES) return file;
    const why = file.entries.length === 0 ? 'there is no entry in it' : `at most ${MAX_ENTRIES} entries`;
    throw new UnreadableError(why);
  } catch (err) {
    if (err instanceof UnreadableError) throw new UserError('UNREADABLE_PLAYLIST', err.message, ['content']);
    throw err;
  }
}

async function putItems(
  tx: Tx,
  playlistId: string,
  userId: string,
  trackIds: readonly string[],
): Promise<void> {
  const positions = generateNKeysBetween(null, null, trackIds.length);
  const items = trackIds.map((trackId, i) => ({
    id: newId('PlaylistItem'),
    playlistId,
    trackId,
    position: positions[i] ?? '',
    addedBy: userId,
  }));
  await tx.playlistItem.createMany({ data: items });
  // whoever watches from before it reads everything
  await logChange(tx, playlistId, { kind: 'REBALANCED', actorId: userId });
}
