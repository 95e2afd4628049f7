import { TrackId, type playlistAsked } from '@volna/events';
import type { z } from 'zod';

import type { Database } from '../database.ts';
import type { Playlist } from '../models.ts';
import { joinMember, playlistRow } from '../rows.ts';
import { findSmart } from '../smart/find-smart.ts';
import { playlistSeenBy, type Seer } from '../visibility.ts';

type Question = z.output<(typeof playlistAsked)['question']>;
type Answer = z.output<(typeof playlistAsked)['answer']>;

/** Enough to know by what a playlist is like. */
const MOST = 200;

/** What a playlist is called and the first of its tracks, where the viewer may see it; of a smart one what it finds now. */
export async function answerPlaylist(db: Database, { id, viewerId }: Question): Promise<Answer> {
  const seer = { userId: viewerId ?? '', roles: [] };
  const [playlist] = await db.$queryRaw<Playlist[]>`
    SELECT ${playlistRow(seer)} FROM playlist p ${joinMember(seer)}
    WHERE p.id = ${id} AND ${playlistSeenBy(seer)}`;
  if (!playlist) return { playlist: null };
  const tracks = await readTracks(db, seer, playlist);
  const trackIds = [...new Set(tracks.map(({ trackId }) => trackId))].map((trackId) =>
    TrackId.parse(trackId),
  );
  return { playlist: { title: playlist.title, trackIds } };
}

function readTracks(db: Database, seer: Seer, playlist: Playlist): Promise<{ trackId: string }[]> {
  if (playlist.smart) return findSmart(db, seer, [playlist], { take: MOST, after: null });
  return db.$queryRaw`
    SELECT i.track_id AS "trackId" FROM playlist_item i
    WHERE i.playlist_id = ${playlist.id} ORDER BY i.position LIMIT ${MOST}`;
}
