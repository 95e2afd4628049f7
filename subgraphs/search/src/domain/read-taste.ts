import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { tasteOf, type TasteRow } from '../taste/taste-sql.ts';
import { clusterAnchors, type TastedTrack } from '../wave/cluster-anchors.ts';
import { CREDIT_HALF_LIFE_DAYS, SIGNALS, TASTE_HALF_LIFE_DAYS } from '../wave/signals.ts';
import type { AnchorState } from '../wave/state.ts';
import type { RememberedTrack } from './track-memory.ts';

/** So many of what a user likes are clustered, the latest. */
const MOST_TRACKS = 600;
const [LEAST_CREDIT, MOST_CREDIT] = [0.05, 1.3];

interface Row extends Pick<TasteRow, 'trackId' | 'version' | 'source' | 'isPinned'> {
  readonly strength: number;
  readonly credit: number;
}

export interface HeardTaste {
  readonly anchors: AnchorState[];
  /** What the anchors are chosen from, by id. */
  readonly tracks: ReadonlyMap<string, RememberedTrack>;
}

/**
 * What a wave of this user begins from: what they have pinned and their latest tracks, clustered by sound. How strong each
 * is says the log of what they did, of which older things count less. A merged track stands for its target; a closed or
 * forgotten one, and one of a blocked artist, for nothing.
 */
export async function readTaste(
  { trackMemory }: Pick<Deps, 'trackMemory'>,
  tx: Transaction,
  userId: string,
  now = new Date(),
): Promise<HeardTaste> {
  const rows = await readSaid(tx, userId, now);
  const ids = rows.map(({ trackId }) => trackId);
  const found = await trackMemory.read(tx, { ids, versions: rows.map(({ version }) => version) });
  const tracks = new Map(found.flatMap((track) => (track ? [[track.id, track]] : [])));
  const model = commonModel([...tracks.values()]);
  const tasted = rows.flatMap((row) => {
    const track = tracks.get(row.trackId);
    return track ? [toTasted(row, track.embeddingModel === model ? track.vector : null)] : [];
  });
  return { anchors: clusterAnchors(tasted), tracks };
}

function readSaid(tx: Transaction, userId: string, now: Date): Promise<Row[]> {
  const [kinds, weights] = [Object.keys(SIGNALS), Object.values(SIGNALS)];
  return tx.$queryRaw<Row[]>`
    WITH said AS (
      SELECT coalesce(named.merged_into_id, named.id) AS track_id,
        sum(w.weight * 0.5 ^ (age.days / ${TASTE_HALF_LIFE_DAYS}::float8)) AS strength,
        sum(s.value * 0.5 ^ (age.days / ${CREDIT_HALF_LIFE_DAYS}::float8)) AS credit
      FROM taste_signal s
      JOIN indexed_track named ON named.id = s.track_id
      -- whole days: two waves of one hour are of one taste
      CROSS JOIN LATERAL (SELECT greatest(0, floor(extract(epoch FROM ${now} - s.at) / 86400))::float8 AS days) age
      LEFT JOIN unnest(${kinds}::text[], ${weights}::float8[]) AS w(kind, weight) ON w.kind = s.kind
      WHERE s.user_id = ${userId}
      GROUP BY 1
    )
    SELECT taste.track_id AS "trackId", taste.version, taste.source, taste.is_pinned AS "isPinned",
      coalesce(said.strength, 0) AS strength,
      least(${MOST_CREDIT}, greatest(${LEAST_CREDIT}, exp(coalesce(said.credit, 0)))) AS credit
    FROM (${tasteOf(userId)}) taste
    LEFT JOIN said ON said.track_id = taste.track_id
    ORDER BY taste.is_pinned DESC, taste.at DESC, taste.track_id LIMIT ${MOST_TRACKS}`;
}

function toTasted(
  { trackId, isPinned, strength, credit, source }: Row,
  vector: Float32Array | null,
): TastedTrack {
  return {
    trackId,
    isPinned,
    credit,
    vector,
    // what was picked is liked, as far as anybody has asked
    source: source === 'PICKED' ? 'LIKED' : source,
    strength: Math.max(strength, source === 'FINISHED' ? 0 : SIGNALS.FINISHED),
  };
}

/** Vectors of different models cannot be compared: those of the commonest are used. */
export function commonModel(rows: readonly { readonly embeddingModel: string | null }[]): string | null {
  const counts = new Map<string, number>();
  for (const { embeddingModel } of rows) {
    if (embeddingModel) counts.set(embeddingModel, (counts.get(embeddingModel) ?? 0) + 1);
  }
  return [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? null;
}
