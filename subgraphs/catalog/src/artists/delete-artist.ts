import { artistDeleted, trackProcessingMoved, TrackId } from '@volna/events';
import { UserError } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';
import { outboxRow } from '@volna/platform/outbox';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { removeTracks } from '../domain/delete-track.ts';
import { isAdmin } from '../domain/visibility.ts';
import type { DeleteArtistInput } from '../generated/graphql.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Artist } from '../models.ts';
import { lockTracksOf, moveTracks } from './move-tracks.ts';
import { ownArtist } from './own-artist.ts';
import { noteRestatement, restateTracks } from './restate-tracks.ts';

/** How long a page with thousands of tracks may take to go. */
const MOST_MS = 60_000;
const BATCH = 1000;

export interface DeletedArtist {
  readonly deletedId: string;
  readonly deletedTracks: number;
  readonly movedTracks: number;
}

/**
 * Takes an artist page away, with its tracks or after they have moved: all of it or nothing. Rows go in one
 * transaction, which costs little for each track; what takes long (their files, the statements of those that stay)
 * is stated in it and follows. Other tracks that the page has a part in keep its name.
 */
export async function deleteArtist(
  deps: Deps,
  viewer: Viewer,
  input: DeleteArtistInput,
): Promise<DeletedArtist> {
  const { id } = await ownArtist(deps.db, viewer, input.artistId);
  const { gone, moved } = await deps.db.$transaction((tx) => remove(tx, viewer, { ...input, artistId: id }), {
    timeout: MOST_MS,
  });
  deps.wake();
  for (const trackId of gone) deps.bus.signal(trackProcessingMoved, { trackId: TrackId.parse(trackId) });
  await restateTracks(deps);
  return { deletedId: id, deletedTracks: gone.length, movedTracks: moved };
}

interface Removed {
  readonly gone: readonly string[];
  readonly moved: number;
}

async function remove(tx: Transaction, viewer: Viewer, input: DeleteArtistInput): Promise<Removed> {
  const { artistId: id } = input;
  await tx.$executeRawUnsafe(`SET LOCAL statement_timeout = ${MOST_MS}`);
  // jobs before pages, and pages before tracks, as everybody locks them
  await tx.$executeRaw`
    SELECT job.id FROM job JOIN track ON track.id = job.track_id
    WHERE track.artist_id = ${id} ORDER BY job.id FOR UPDATE OF job`;
  const pages = [id, input.moveToArtistId].filter((page) => typeof page === 'string');
  await tx.$executeRaw`SELECT id FROM artist WHERE id = ANY (${pages}::text[]) ORDER BY id FOR UPDATE`;
  const artist = await ownArtist(tx, viewer, id);
  const tracks = await lockTracksOf(tx, id);
  const target = await checkInput(tx, viewer, input, artist, tracks.length);

  if (target) await moveTracks(tx, tracks, artist, target);
  else await removeInBatches(tx, tracks);
  await noteRestatement(tx, Prisma.sql`SELECT DISTINCT track_id FROM track_credit WHERE artist_id = ${id}`);
  await tx.artist.delete({ where: { id } });
  const movedToId = target?.id ?? null;
  const deleted = artistDeleted.data.parse({ artistId: id, ownerId: artist.ownerId, movedToId });
  await tx.outbox.create({ data: outboxRow(artistDeleted, deleted) });
  return target ? { gone: [], moved: tracks.length } : { gone: tracks, moved: 0 };
}

/** Gives the page that tracks move to; null where none do. */
async function checkInput(
  tx: Transaction,
  viewer: Viewer,
  { tracks, moveToArtistId, trackCount }: DeleteArtistInput,
  artist: Artist,
  count: number,
): Promise<Artist | null> {
  if (trackCount !== count) {
    throw new UserError('REMOVAL_CHANGED', `the page has ${count} tracks now, not ${trackCount}`, [
      'trackCount',
    ]);
  }
  if (count === 0) return null;
  if (!tracks) throw badInput(`say what becomes of its ${count} tracks`, 'tracks');
  if (tracks === 'DELETE') return null;
  if (!moveToArtistId) throw badInput('say where its tracks go', 'moveToArtistId');
  const target = await ownArtist(tx, viewer, moveToArtistId, 'moveToArtistId');
  if (target.id === artist.id) throw badInput('its tracks cannot stay where they are', 'moveToArtistId');
  if (target.ownerId !== artist.ownerId) {
    throw badInput('its tracks can move to a page of the same owner’s only', 'moveToArtistId');
  }
  refuseToLeave(viewer, artist);
  return target;
}

/** What moderators keep out of sight does not come back by another page. */
export function refuseToLeave(viewer: Viewer, page: Artist, field = 'moveToArtistId'): void {
  if (page.moderation === 'CLEAR' || isAdmin(viewer)) return;
  throw badInput('moderators keep the page out of sight: its tracks cannot move to another', field);
}

async function removeInBatches(tx: Transaction, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += BATCH) {
    // oxlint-disable-next-line no-await-in-loop -- a transaction has one connection
    await removeTracks(tx, ids.slice(at, at + BATCH));
  }
}

const badInput = (message: string, field: string) => new UserError('BAD_USER_INPUT', message, [field]);
