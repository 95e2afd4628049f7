import { playlistAsked, PlaylistId, UserId } from '@volna/events';
import { BusAnswerError, BusTimeoutError } from '@volna/platform/bus';
import { ClientError } from '@volna/platform/errors';

import type { Deps } from '../context.ts';
import { readSeed, type Seed } from '../domain/read-seed.ts';
import { genresBelow } from '../finding/filter-sql.ts';
import { Prisma } from '../generated/prisma/client.ts';

const TOPIC = /^(?<kind>genre|tag):(?<name>.{1,100})$/su;
/** Tracks that a playlist is measured by: from all over it. */
const MOST_MEASURED = 24;
/** Tracks of a genre or with a tag, the most played. */
const MOST_OF_TOPIC = 100;

/** What a radio begins from. Its own tracks are part of it; `trackIds` are those that it is measured by. */
export interface RadioSeed extends Seed {
  readonly ownIds: readonly string[];
}

/** Null for an id of nothing that the viewer may find here, and for a genre or a tag that no open track has. */
export async function readRadioSeed(
  deps: Pick<Deps, 'db' | 'bus'>,
  id: string,
  viewerId: string | null,
): Promise<RadioSeed | null> {
  const topic = TOPIC.exec(id)?.groups;
  if (topic) return readTopic(deps, id, topic.kind === 'genre', topic.name?.trim() ?? '');
  const playlist = PlaylistId.safeParse(id);
  if (playlist.success) return readPlaylist(deps, playlist.data, viewerId);
  const seed = await readSeed(deps.db, id, viewerId);
  // a track's radio begins after it
  return seed && { ...seed, ownIds: seed.id === seed.trackIds[0] ? [] : seed.trackIds };
}

/** What to say where there is no such seed. */
export function nothingOf(seed: string): string {
  const topic = TOPIC.exec(seed)?.groups;
  if (topic?.kind === 'genre') return 'no open track is of this genre';
  if (topic?.kind === 'tag') return 'no open track has this tag';
  return '`seed` is the id of nothing that can be begun from, nor `genre:` or `tag:` before a name';
}

/** Albums says what a playlist holds, with the rights of the viewer: of a smart one only it can. */
async function readPlaylist(
  { bus }: Pick<Deps, 'bus'>,
  id: PlaylistId,
  viewerId: string | null,
): Promise<RadioSeed | null> {
  try {
    const question = { id, viewerId: viewerId === null ? null : UserId.parse(viewerId) };
    const { playlist } = await bus.request(playlistAsked, question);
    if (!playlist || playlist.trackIds.length === 0) return null;
    const { title, trackIds } = playlist;
    const step = Math.max(1, trackIds.length / MOST_MEASURED);
    const measured = trackIds.filter((_id, index) => Math.floor(index % step) === 0).slice(0, MOST_MEASURED);
    return { id, title, trackIds: measured, ownIds: trackIds };
  } catch (err) {
    if (err instanceof BusTimeoutError || err instanceof BusAnswerError) {
      throw new ClientError('SERVICE_UNAVAILABLE', 'playlists cannot be asked for just now; try again soon');
    }
    throw err;
  }
}

async function readTopic(
  { db }: Pick<Deps, 'db'>,
  id: string,
  isGenre: boolean,
  name: string,
): Promise<RadioSeed | null> {
  const passes = isGenre
    ? Prisma.sql`EXISTS (
        SELECT FROM search_entry e WHERE e.id = t.id AND e.genre_keys && ARRAY(${genresBelow(name)}))`
    : Prisma.sql`EXISTS (SELECT FROM unnest(t.tags) tag WHERE lower(tag) = lower(${name}))`;
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT t.id FROM indexed_track t WHERE t.is_open AND ${passes}
    ORDER BY t.plays DESC, t.id LIMIT ${MOST_OF_TOPIC}`;
  if (rows.length === 0) return null;
  const ownIds = rows.map((row) => row.id);
  return { id, title: name, trackIds: ownIds.slice(0, MOST_MEASURED), ownIds };
}
