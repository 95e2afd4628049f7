import { CollectionNotFoundError, type VectorHit } from '@volna/platform/vectors';

import { type ExactMatch, matchClip, type SegmentHit } from '../clip/match-clip.ts';
import { isStill, placesAround } from '../clip/still.ts';
import type { Deps } from '../context.ts';
import { recogniseRecording } from '../landmarks/recognise-recording.ts';
import type { AudioMatch } from '../models.ts';
import { ALIKE } from '../ranking/alike.ts';
import { toUnit } from '../ranking/vector.ts';
import { segmentCollection, trackCollection } from '../vector-names.ts';
import { recogniseWork } from '../works/recognise-work.ts';
import { LONG_ENOUGH } from './may-be-offered.ts';
import { isSilent, readSegments } from './store-segments.ts';

/** Places of a clip that are looked up, spread over it. */
const PLACES = 30;
const HITS_PER_PLACE = 10;
const SIMILAR = 10;

export interface ClipEmbedding {
  readonly model: string;
  readonly vector: readonly number[];
  readonly segmentsKey: string | null;
}

export interface ClipKeys {
  readonly fingerprintKey: string | null;
  readonly chromaKey: string | null;
}

/**
 * Which recording a clip is, by its landmarks, else by its segments, which bear another speed; which other recordings
 * are of the same work, by its pitch classes; and what sounds like it, by its vector, where that is nearer than unrelated
 * music is. Tracks that listeners may not hear, or that are too short to be sure of, are not told of.
 */
export async function recogniseClip(
  deps: Deps,
  embedding: ClipEmbedding,
  { fingerprintKey, chromaKey }: ClipKeys,
): Promise<AudioMatch[]> {
  const byLandmarks = fingerprintKey ? await recogniseRecording(deps, fingerprintKey) : [];
  const exact =
    byLandmarks.length > 0
      ? byLandmarks
      : await withoutStill(deps, embedding, matchClip(...(await lookUp(deps, embedding))));
  const recognised = new Set(exact.map(({ trackId }) => trackId));
  const others = chromaKey ? await recogniseWork(deps, chromaKey, recognised) : [];
  for (const { trackId } of others) recognised.add(trackId);
  const hits = await ask(
    deps,
    trackCollection(embedding.model),
    toUnit(embedding.vector),
    SIMILAR + recognised.size,
  );
  const known = await deps.db.indexedTrack.findMany({
    where: { id: { in: [...recognised, ...hits.map(trackOf)] }, isOpen: true, ...LONG_ENOUGH },
    select: { id: true },
  });
  const here = new Set(known.map(({ id }) => id));
  const similar = hits
    .filter((hit) => hit.score >= ALIKE && !recognised.has(trackOf(hit)) && here.has(trackOf(hit)))
    .slice(0, SIMILAR)
    .map((hit) => ({
      kind: 'SOUNDS_LIKE' as const,
      score: clamp(hit.score),
      offsetMs: null,
      trackId: trackOf(hit),
    }));
  return [
    ...exact
      .filter(({ trackId }) => here.has(trackId))
      .map((match) => ({ kind: 'SAME_RECORDING' as const, ...match })),
    ...others
      .filter(({ trackId }) => here.has(trackId))
      .map(({ trackId, score }) => ({ kind: 'SAME_WORK' as const, trackId, score, offsetMs: null })),
    ...similar,
  ];
}

/** How many places of the clip were looked up, and what resembles them. */
async function lookUp(
  deps: Deps,
  { model, vector, segmentsKey }: ClipEmbedding,
): Promise<[number, SegmentHit[]]> {
  if (!segmentsKey) return [0, []];
  const segments = await readSegments(deps.objects, segmentsKey, vector.length);
  const sounding = [...segments.entries()].filter(([, segment]) => !isSilent(segment));
  const step = Math.max(1, Math.ceil(sounding.length / PLACES));
  const places = sounding.filter((_place, index) => index % step === 0);
  const hits: SegmentHit[] = [];
  for (const [clipSecond, segment] of places) {
    // oxlint-disable-next-line no-await-in-loop -- gentle on a store that others wait for
    for (const hit of await ask(deps, segmentCollection(model), segment, HITS_PER_PLACE)) {
      hits.push({
        trackId: trackOf(hit),
        clipSecond,
        trackSecond: Number(hit.payload.seconds),
        score: hit.score,
      });
    }
  }
  return [places.length, hits];
}

/** What agrees because the track is the same all around there, and not because it is the same recording, is no match. */
async function withoutStill(
  { db, objects }: Deps,
  { vector }: ClipEmbedding,
  matches: readonly ExactMatch[],
): Promise<ExactMatch[]> {
  const rows = await db.indexedTrack.findMany({
    where: { id: { in: matches.map(({ trackId }) => trackId) } },
    select: { id: true, segmentsKey: true },
  });
  const keyOf = new Map(rows.map(({ id, segmentsKey }) => [id, segmentsKey]));
  const moving: ExactMatch[] = [];
  for (const match of matches) {
    const key = keyOf.get(match.trackId);
    // oxlint-disable-next-line no-await-in-loop -- one track in memory at a time, and seldom more than one
    const places = key ? await readSegments(objects, key, vector.length) : [];
    if (!isStill(placesAround(places, Math.round(match.offsetMs / 1000)))) moving.push(match);
  }
  return moving;
}

async function ask(
  { vectors }: Deps,
  collection: string,
  vector: Float32Array,
  limit: number,
): Promise<VectorHit[]> {
  try {
    return await vectors.query(collection, [...vector], limit);
  } catch (err) {
    if (err instanceof CollectionNotFoundError) return [];
    throw err;
  }
}

const trackOf = ({ payload }: VectorHit): string => String(payload.trackId);
const clamp = (score: number): number => Math.min(1, Math.max(0, score));
