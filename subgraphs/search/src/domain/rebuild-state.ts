import { z } from 'zod';

import type { Transaction } from '../database.ts';
import type { Wave } from '../generated/prisma/client.ts';
import { decodeVector } from '../ranking/vector.ts';
import type { VectorOf } from '../wave/credit.ts';
import { Decision } from '../wave/decision.ts';
import { foldSession, type WaveEvent } from '../wave/fold-session.ts';
import { type AnchorState, WaveState } from '../wave/state.ts';
import { commonModel } from './read-taste.ts';
import type { RememberedTrack } from './track-memory.ts';
import { withoutBlocked } from './without-blocked.ts';

/** Types of feedback after which nothing more becomes of an item. */
const ENDINGS = new Set(['FINISHED', 'SKIPPED', 'DISLIKED', 'BLOCK_ARTIST', 'NOT_NOW']);

/** What was shaken off, or tuned to, as the log of a wave has it. */
export const ToldData = z.object({ dropped: z.array(z.string()).default([]) });

interface Row {
  readonly type: WaveEvent['type'];
  readonly seq: number;
  readonly positionMs: number | null;
  readonly data: unknown;
  readonly reason: unknown;
  readonly trackId: string | null;
  readonly artistId: string | null;
  readonly durationMs: number | null;
  readonly embedding: Uint8Array | null;
}

/** What a wave has learned, made from what it began with and all that it was told. */
export async function rebuildState(tx: Transaction, wave: Wave): Promise<WaveState> {
  const begun = WaveState.parse(wave.begun);
  const rows = await tx.$queryRaw<Row[]>`
    SELECT f.type, f.seq, f.position_ms AS "positionMs", f.data, i.reason, t.id AS "trackId",
      t.artist_id AS "artistId", t.duration_ms AS "durationMs", t.embedding
    FROM wave_feedback f
    LEFT JOIN wave_item i ON i.wave_id = f.wave_id AND i.seq = f.seq
      AND f.type NOT IN ('TUNED', 'SHAKEN')
    LEFT JOIN indexed_track t ON t.id = i.track_id
    WHERE f.wave_id = ${wave.id} ORDER BY f.n`;
  const over = new Set<number>();
  const events = rows.map((row): WaveEvent => {
    const wasOver = over.has(row.seq);
    if (ENDINGS.has(row.type)) over.add(row.seq);
    return { ...row, dropped: ToldData.parse(row.data ?? {}).dropped, heard: toHeard(row), wasOver };
  });
  const anchorIds = begun.anchors.map(({ trackId }) => trackId);
  const vectorOf = await readVectors(tx, [...anchorIds, ...rows.flatMap(({ trackId }) => trackId ?? [])]);
  const state = foldSession(begun, events, vectorOf);
  const forgotten = await tx.tasteChoice.findMany({
    where: { userId: wave.userId, forgottenAt: { not: null } },
    select: { trackId: true },
  });
  const isForgotten = new Set(forgotten.map(({ trackId }) => trackId));
  const kept = ({ trackId, source }: AnchorState) => source === 'SEED' || !isForgotten.has(trackId);
  return withoutBlocked(tx, wave.userId, { ...state, anchors: state.anchors.filter(kept) });
}

function toHeard({ trackId, artistId, embedding, reason }: Row): WaveEvent['heard'] {
  if (trackId === null || artistId === null || reason === null) return null;
  return { trackId, artistId, vector: embedding && decodeVector(embedding), reason: Decision.parse(reason) };
}

async function readVectors(tx: Transaction, trackIds: readonly string[]): Promise<VectorOf> {
  const rows = await tx.indexedTrack.findMany({
    where: { id: { in: [...new Set(trackIds)] } },
    select: { id: true, embedding: true, embeddingModel: true },
  });
  return vectorsOf(
    rows.map(({ embedding, ...row }) => ({ ...row, vector: embedding && decodeVector(embedding) })),
  );
}

/** The vectors of tracks, of one model. */
export function vectorsOf(
  tracks: readonly Pick<RememberedTrack, 'id' | 'embeddingModel' | 'vector'>[],
): VectorOf {
  const model = commonModel(tracks);
  const known = new Map(tracks.map((track) => [track.id, track]));
  return (trackId) => {
    const track = known.get(trackId);
    return track?.embeddingModel === model ? (track?.vector ?? null) : null;
  };
}
