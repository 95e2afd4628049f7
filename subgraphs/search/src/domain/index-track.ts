import { type DataOf, type trackUpdated, trackIndexed } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { storeLandmarks } from '../landmarks/store-landmarks.ts';
import { encodeVector, toUnit } from '../ranking/vector.ts';
import { chooseVector } from '../revectoring/choose-vector.ts';
import { normalise } from '../text/normalise.ts';
import { toSearchable } from '../text/searchable.ts';
import { refreshTexts } from '../texts/refresh-texts.ts';
import { storeWorks } from '../works/store-works.ts';
import { dropVectors } from './forget-track.ts';
import { lockIds } from './lock-ids.ts';
import { seekTwins } from './seek-twins.ts';
import { storeSegments } from './store-segments.ts';
import { storeVectors } from './store-vectors.ts';

type Description = DataOf<typeof trackUpdated>;

/** Makes a track findable, by everybody once it is open. Descriptions that arrive again, late or after the deletion change nothing. */
export async function indexTrack(deps: Deps, event: Description, occurredAt: string): Promise<void> {
  const previous = await deps.db.$transaction((tx) => describe(tx, event, new Date(occurredAt)));
  deps.wakeRelay();
  if (!previous) return;
  if (previous.model && previous.model !== previous.modelNow) {
    await dropVectors(deps, previous.model, event.trackId);
  }
  await storeVectors(deps, [event.trackId]);
  await seekTwins(deps, [event.trackId]);
  await storeSegments(deps, [event.trackId]);
  await storeWorks(deps, [event.trackId]);
  if (event.fingerprintKey) await storeLandmarks(deps, event.fingerprintKey);
}

async function describe(
  tx: Transaction,
  event: Description,
  at: Date,
): Promise<{ model: string | null; modelNow: string | null } | null> {
  await lockIds(tx, [event.trackId]);
  const id = event.trackId;
  if (await tx.deletedTrack.findUnique({ where: { id } })) return null;
  const previous = await tx.indexedTrack.findUnique({
    where: { id },
    select: { describedAt: true, embeddingModel: true },
  });
  if (previous && previous.describedAt > at) return null;

  const { isOpen = false, mergedIntoId = null } =
    (await tx.trackOpenness.findUnique({ where: { id } })) ?? {};
  const described = toRow(event, at);
  const vector = await chooseVector(tx, id, described, at);
  const row = { ...described, ...vector, isOpen, mergedIntoId };
  await tx.indexedTrack.upsert({ where: { id }, create: { id, ...row }, update: row });
  const found = { isPublic: isOpen, isStatedPublic: isOpen, isMerged: mergedIntoId !== null };
  const entry = { ...toEntry(event), ...found };
  await tx.searchEntry.upsert({ where: { id }, create: { id, ...entry }, update: entry });
  await refreshTexts(tx, [id]);
  if (!event.embedding) {
    await tx.outbox.create({ data: outboxRow(trackIndexed, { trackId: event.trackId, vector: false }) });
  }
  return { model: previous?.embeddingModel ?? null, modelNow: vector.embeddingModel };
}

function toRow({ features, embedding, ...event }: Description, describedAt: Date) {
  return {
    ownerId: event.ownerId,
    artistId: event.artistId,
    artistName: event.artistName,
    title: event.title,
    recordingKey: `${event.artistId} ${toSearchable(event.title).sound || event.trackId}`,
    durationMs: event.durationMs,
    year: event.year,
    genres: event.genres,
    tags: event.tags,
    tempo: features.tempo,
    musicalKey: features.key,
    energy: features.energy,
    valence: features.valence,
    loudnessLufs: features.loudnessLufs,
    language: event.language ?? null,
    explicit: event.explicit ?? null,
    isAiSuspected: event.isAiSuspected ?? false,
    credits: event.credits ?? [],
    creditedIds: [...new Set((event.credits ?? []).flatMap(({ artistId }) => artistId ?? []))],
    lyrics: event.lyrics ?? null,
    embeddingModel: embedding?.model ?? null,
    embedding: embedding && encodeVector(toUnit(embedding.vector)),
    segmentsKey: embedding?.segmentsKey ?? null,
    fingerprintKey: event.fingerprintKey ?? null,
    chromaKey: event.chromaKey ?? null,
    worksStoredAt: null,
    vectorStoredAt: null,
    segmentsStoredAt: null,
    twinsSoughtAt: null,
    announced: embedding ? 'NOTHING' : 'WORDS',
    createdAt: new Date(event.createdAt),
    describedAt,
  };
}

function toEntry(event: Description) {
  return {
    kind: 'TRACK',
    ownerId: event.ownerId,
    artistId: event.artistId,
    year: event.year,
    genreKeys: event.genres.map(normalise),
    title: event.title,
  };
}
