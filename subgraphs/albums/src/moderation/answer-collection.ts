import { type collectionAsked, UserId } from '@volna/events';
import type { z } from 'zod';

import type { Database } from '../database.ts';
import type { Playlist } from '../models.ts';
import { joinMember, playlistRow } from '../rows.ts';
import { albumSeenBy, playlistSeenBy, type Seer } from '../visibility.ts';

type Question = z.output<(typeof collectionAsked)['question']>;
type Answer = z.output<(typeof collectionAsked)['answer']>;

/** What an album or a playlist is called and whose it is, where the viewer may see it. */
export async function answerCollection(db: Database, { id, viewerId, isAdmin }: Question): Promise<Answer> {
  const seer = { userId: viewerId ?? '', roles: isAdmin ? ['ADMIN'] : [] };
  return { collection: (await findAlbum(db, seer, id)) ?? (await findPlaylist(db, seer, id)) };
}

async function findAlbum(db: Database, seer: Seer, id: string): Promise<Answer['collection']> {
  const [album] = await db.$queryRaw<{ ownerId: string; title: string }[]>`
    SELECT a.owner_id AS "ownerId", a.title FROM album a WHERE a.id = ${id} AND ${albumSeenBy(seer)}`;
  if (!album) return null;
  return {
    ownerId: UserId.parse(album.ownerId),
    title: album.title,
    mayEdit: album.ownerId === seer.userId,
  };
}

async function findPlaylist(db: Database, seer: Seer, id: string): Promise<Answer['collection']> {
  const [playlist] = await db.$queryRaw<Playlist[]>`
    SELECT ${playlistRow(seer)} FROM playlist p ${joinMember(seer)}
    WHERE p.id = ${id} AND ${playlistSeenBy(seer)}`;
  if (!playlist) return null;
  const { ownerId, title, viewerRole } = playlist;
  return {
    ownerId: UserId.parse(ownerId),
    title,
    mayEdit: viewerRole === 'OWNER' || viewerRole === 'EDITOR',
  };
}
