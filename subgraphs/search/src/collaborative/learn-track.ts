import type { Transaction } from '../database.ts';
import { countTogether, type Together } from './count-together.ts';

/** Neighbours that are kept of a track. */
const MOST = 50;
/** So many listeners of both halve the doubt in a likeness. */
const SHRINKAGE = 5;

interface Neighbour {
  readonly otherId: string;
  readonly similarity: number;
  readonly support: number;
}

/**
 * Learns anew what listeners of a track like besides, in both directions: nothing else depends on who is fond of it, so
 * that learning each track that somebody's signal is about gives the same as learning all.
 */
export async function learnTrack(tx: Transaction, trackId: string): Promise<void> {
  const together = await countTogether(tx, trackId);
  const itself = together.find((pair) => pair.trackId === trackId);
  await tx.collaborativeNeighbour.deleteMany({ where: { OR: [{ trackId }, { otherId: trackId }] } });
  if (!itself) {
    await tx.collaborativeTrack.deleteMany({ where: { trackId } });
    return;
  }
  const known = { norm: Math.sqrt(itself.dot), listeners: itself.support };
  await tx.collaborativeTrack.upsert({ where: { trackId }, create: { trackId, ...known }, update: known });
  const neighbours = await weigh(
    tx,
    known.norm,
    together.filter((pair) => pair !== itself),
  );
  await tx.collaborativeNeighbour.createMany({
    data: [
      ...neighbours.slice(0, MOST).map((neighbour) => ({ trackId, ...neighbour })),
      ...neighbours.map(({ otherId, ...likeness }) => ({ trackId: otherId, otherId: trackId, ...likeness })),
    ],
  });
  await trim(
    tx,
    neighbours.map(({ otherId }) => otherId),
  );
}

/** Cosine, drawn towards nothing where few listeners speak; most alike first. A track not learnt yet brings itself later. */
async function weigh(tx: Transaction, norm: number, pairs: readonly Together[]): Promise<Neighbour[]> {
  const others = await tx.collaborativeTrack.findMany({
    where: { trackId: { in: pairs.map(({ trackId }) => trackId) } },
    select: { trackId: true, norm: true },
  });
  const norms = new Map(others.map((other) => [other.trackId, other.norm]));
  return pairs
    .flatMap(({ trackId, dot, support }) => {
      const other = norms.get(trackId);
      if (other === undefined) return [];
      const cosine = Math.min(1, dot / (norm * other));
      return [{ otherId: trackId, similarity: (cosine * support) / (support + SHRINKAGE), support }];
    })
    .toSorted((a, b) => b.similarity - a.similarity || (a.otherId < b.otherId ? -1 : 1));
}

/** Takes from tracks that have got one neighbour more those that are too many. */
async function trim(tx: Transaction, trackIds: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM collaborative_neighbour n USING (
      SELECT track_id, other_id,
        row_number() OVER (PARTITION BY track_id ORDER BY similarity DESC, other_id) AS place
      FROM collaborative_neighbour WHERE track_id = ANY (${[...trackIds]}::text[])
    ) ranked
    WHERE ranked.place > ${MOST} AND n.track_id = ranked.track_id AND n.other_id = ranked.other_id`;
}
