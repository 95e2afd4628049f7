import type {
  DataOf,
  playbackReported,
  trackCreated,
  trackOpennessChanged,
  trackUpdated,
} from '@volna/events';
import type { Delivery } from '@volna/platform/bus';

import { resettleAlbumOf } from '../imports/note-imported-track.ts';
import { lockImports } from '../imports/settle-imported.ts';
import { genreKey, matchKey } from '../text/match-key.ts';
import type { Tx } from '../transaction.ts';
import { appendTrack } from './add-tracks-to-album.ts';

/** Learns of a new track and puts it on the album that its uploader named, if that is the uploader's own. */
export async function noteTrack(tx: Tx, event: DataOf<typeof trackCreated>): Promise<void> {
  const { trackId: id, ownerId, albumId } = event;
  const { deleted } = await tx.trackRef.upsert({
    where: { id },
    create: { id, ownerId },
    update: { ownerId },
  });
  if (albumId && !deleted) await appendTrack(tx, albumId, ownerId, id);
}

/** Learns what a track is, unless something newer is known or it is gone. */
export async function describeTrack(
  tx: Tx,
  event: DataOf<typeof trackUpdated>,
  { occurredAt }: Pick<Delivery, 'occurredAt'>,
): Promise<void> {
  const {
    trackId: id,
    ownerId,
    durationMs,
    cover,
    title,
    artistId,
    artistName,
    year,
    genres,
    features,
  } = event;
  const facts = {
    ownerId,
    durationMs,
    cover,
    title,
    artistId,
    artistName,
    titleKey: matchKey(title),
    artistKey: matchKey(artistName),
    ...artistsOf(event),
    year,
    genreKeys: genres.map(genreKey),
    tempo: features.tempo,
    energy: features.energy,
    addedAt: event.createdAt,
    describedAt: occurredAt,
  };
  await tx.trackRef.createMany({ data: [{ id, ownerId }], skipDuplicates: true });
  await tx.trackRef.updateMany({
    where: { id, deleted: false, OR: [{ describedAt: null }, { describedAt: { lte: occurredAt } }] },
    data: facts,
  });
}

/** Its main and featured artists, whom it is found by. */
function artistsOf({ artistId, artistName, credits = [] }: DataOf<typeof trackUpdated>) {
  const named = credits.filter(({ role }) => role === 'MAIN' || role === 'FEATURED');
  const ids = named.flatMap((credit) => credit.artistId ?? []);
  const keys = [artistName, ...named.map(({ name }) => name)].map(matchKey).filter(Boolean);
  return { artistIds: [...new Set([artistId, ...ids])], artistKeys: [...new Set(keys)] };
}

/** Opens a track to listeners or closes it, unless something later has been said or it is gone. */
export async function noteOpenness(tx: Tx, event: DataOf<typeof trackOpennessChanged>): Promise<void> {
  const { trackId: id, ownerId, isOpen, mergedIntoId, seq } = event;
  await lockImports(tx, ownerId);
  await tx.trackRef.createMany({ data: [{ id, ownerId }], skipDuplicates: true });
  await tx.trackRef.updateMany({
    where: { id, deleted: false, opennessSeq: { lt: seq } },
    data: { ownerId, isOpen, mergedIntoId, opennessSeq: seq },
  });
  await resettleAlbumOf(tx, id);
}

/** When a user last heard a track, and how often to its end. */
export async function noteListening(
  tx: Tx,
  { userId, trackId, event, at }: DataOf<typeof playbackReported>,
): Promise<void> {
  if (event === 'SKIPPED') return;
  const plays = event === 'FINISHED' ? 1 : 0;
  await tx.$executeRaw`
    INSERT INTO listen (user_id, track_id, last_at, plays) VALUES (${userId}, ${trackId}, ${at}::timestamptz, ${plays})
    ON CONFLICT (user_id, track_id) DO UPDATE
    SET last_at = greatest(listen.last_at, excluded.last_at), plays = listen.plays + excluded.plays`;
}
