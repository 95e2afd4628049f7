import { type DataOf, Image, trackUpdated } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';
import { z } from 'zod';

import type { Transaction } from '../database.ts';
import type { Prisma, TrackCredit, TrackGenre, TrackLyrics, TrackSound } from '../generated/prisma/client.ts';
import type { Artist, Track } from '../models.ts';

const ORDER = [
  { source: 'asc' },
  { confidence: 'desc' },
] satisfies Prisma.TrackGenreOrderByWithRelationInput[];

/** States everything that makes a track findable, as the transaction leaves it. */
export async function describeTrack(tx: Transaction, trackId: string): Promise<void> {
  await describeTracks(tx, [trackId]);
}

/** The same of several, in as many statements as of one; of those that there are. */
export async function describeTracks(tx: Transaction, ids: readonly string[]): Promise<void> {
  // one after the other: a transaction has one connection
  const of = { trackId: { in: [...ids] } };
  const tracks = await tx.track.findMany({
    where: { id: of.trackId },
    orderBy: { id: 'asc' },
    include: { artist: true, lyrics: true },
  });
  const genres = groupByTrack(await tx.trackGenre.findMany({ where: of, orderBy: ORDER }));
  const sounds = groupByTrack(await tx.trackSound.findMany({ where: of }));
  const credits = groupByTrack(await tx.trackCredit.findMany({ where: of, orderBy: { position: 'asc' } }));
  const data = tracks.map((track) => {
    const { id } = track;
    const sound = sounds.get(id)?.[0] ?? null;
    const whole = { ...track, genres: genres.get(id) ?? [], sound, credits: credits.get(id) ?? [] };
    return outboxRow(trackUpdated, descriptionOf(whole));
  });
  await tx.outbox.createMany({ data });
}

const groupByTrack = <Row extends { readonly trackId: string }>(rows: readonly Row[]) =>
  Map.groupBy(rows, ({ trackId }) => trackId);

interface Whole extends Track {
  readonly artist: Artist;
  readonly lyrics: TrackLyrics | null;
  readonly genres: readonly TrackGenre[];
  readonly sound: TrackSound | null;
  readonly credits: readonly TrackCredit[];
}

function descriptionOf(track: Whole): DataOf<typeof trackUpdated> {
  const { id, ownerId, artistId, title, durationMs, year, tags, createdAt } = track;
  const { tempo, key, energy, valence, loudnessLufs } = track;
  const { tempoConfidence, keyConfidence, danceability, onsetsPerSecond } = track;
  const more = { tempoConfidence, keyConfidence, danceability, onsetsPerSecond };
  return trackUpdated.data.parse({
    trackId: id,
    ownerId,
    artistId,
    artistName: track.artist.name,
    title,
    durationMs,
    year,
    credits: track.credits.map(({ role, name, artistId: page }) => ({ role, name, artistId: page })),
    trackNumber: track.trackNumber,
    discNumber: track.discNumber,
    language: track.language,
    explicit: track.explicit,
    isrc: track.isrc,
    lyrics: track.lyrics?.text ?? null,
    genres: namesOf(track.genres),
    tags,
    features: { tempo, key, energy, valence, loudnessLufs, ...more },
    cover: z.array(Image).parse(track.cover),
    embedding: track.embeddingModel
      ? {
          model: track.embeddingModel,
          vector: track.sound?.embedding ?? [],
          segmentsKey: track.sound?.segmentsKey ?? null,
        }
      : null,
    fingerprintKey: track.sound?.fingerprintKey ?? null,
    chromaKey: track.sound?.chromaKey ?? null,
    isAiSuspected: track.isAiSuspected,
    createdAt: createdAt.toISOString(),
  });
}

/** Each genre once, as whoever is believed first spells it. */
function namesOf(genres: Whole['genres']): string[] {
  const names = new Map<string, string>();
  for (const { name, nameKey } of genres) {
    if (!names.has(nameKey)) names.set(nameKey, name);
  }
  return [...names.values()];
}
