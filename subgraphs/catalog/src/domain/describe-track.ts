import { type DataOf, Image, trackDescribed } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';
import { z } from 'zod';

import type { Transaction } from '../database.ts';
import type { Prisma } from '../generated/prisma/client.ts';

const include = {
  artist: true,
  sound: true,
  genres: { orderBy: [{ source: 'asc' }, { confidence: 'desc' }] },
} satisfies Prisma.TrackInclude;
type Whole = Prisma.TrackGetPayload<{ include: typeof include }>;

/** States everything that makes a track findable, as the transaction leaves it. */
export async function describeTrack(tx: Transaction, trackId: string): Promise<void> {
  const track = await tx.track.findUnique({ where: { id: trackId }, include });
  if (track) await tx.outbox.create({ data: outboxRow(trackDescribed, descriptionOf(track)) });
}

function descriptionOf(track: Whole): DataOf<typeof trackDescribed> {
  const { id, ownerId, artistId, title, durationMs, year, tags, createdAt } = track;
  const { tempo, key, energy, valence, loudnessLufs } = track;
  return trackDescribed.data.parse({
    trackId: id,
    ownerId,
    artistId,
    artistName: track.artist.name,
    title,
    durationMs,
    year,
    genres: [...new Set(track.genres.map(({ name }) => name))],
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
