import { type DataOf, Image, trackUpdated } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';
import { z } from 'zod';

import type { Transaction } from '../database.ts';
import type { Prisma, TrackGenre, TrackSound } from '../generated/prisma/client.ts';
import type { Artist, Track } from '../models.ts';

const ORDER = [
  { source: 'asc' },
  { confidence: 'desc' },
] satisfies Prisma.TrackGenreOrderByWithRelationInput[];

/** States everything that makes a track findable, as the transaction leaves it. */
export async function describeTrack(tx: Transaction, trackId: string): Promise<void> {
  // one after the other: a transaction has one connection
  const track = await tx.track.findUnique({ where: { id: trackId }, include: { artist: true } });
  if (!track) return;
  const genres = await tx.trackGenre.findMany({ where: { trackId }, orderBy: ORDER });
  const sound = await tx.trackSound.findUnique({ where: { trackId } });
  await tx.outbox.create({ data: outboxRow(trackUpdated, descriptionOf({ ...track, genres, sound })) });
}

interface Whole extends Track {
  readonly artist: Artist;
  readonly genres: readonly TrackGenre[];
  readonly sound: TrackSound | null;
}

function descriptionOf(track: Whole): DataOf<typeof trackUpdated> {
  const { id, ownerId, artistId, title, durationMs, year, tags, createdAt } = track;
  const { tempo, key, energy, valence, loudnessLufs } = track;
  return trackUpdated.data.parse({
    trackId: id,
    ownerId,
    artistId,
    artistName: track.artist.name,
    title,
    durationMs,
    year,
    genres: namesOf(track.genres),
    tags,
    features: { tempo, key, energy, valence, loudnessLufs },
    cover: z.array(Image).parse(track.cover),
    embedding: track.embeddingModel
      ? {
          model: track.embeddingModel,
          vector: track.sound?.embedding ?? [],
          segmentsKey: track.sound?.segmentsKey ?? null,
        }
      : null,
    createdAt: createdAt.toISOString(),
  });
}

/** Each genre once, as whoever is believed first spells it. */
function namesOf(genres: Whole['genres']): string[] {
  const names = new Map<string, string>();
  for (const { name } of genres) {
    const key = name.toLowerCase();
    if (!names.has(key)) names.set(key, name);
  }
  return [...names.values()];
}
