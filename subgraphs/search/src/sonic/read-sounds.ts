import type { Database } from '../database.ts';
import { LONG_ENOUGH } from '../domain/may-be-offered.ts';
import { decodeVector } from '../ranking/vector.ts';

export interface Sound {
  readonly id: string;
  readonly artistId: string;
  readonly recordingKey: string;
  readonly model: string;
  readonly vector: readonly number[];
}

/** The vectors of those tracks that have one, are long enough to sound like anything, and that the viewer may hear. */
export async function readSounds(
  db: Database,
  viewerId: string | null,
  trackIds: readonly string[],
): Promise<Map<string, Sound>> {
  const rows = await db.indexedTrack.findMany({
    where: {
      id: { in: [...trackIds] },
      embeddingModel: { not: null },
      AND: [LONG_ENOUGH, { OR: [{ isOpen: true }, ...(viewerId === null ? [] : [{ ownerId: viewerId }])] }],
    },
    select: { id: true, artistId: true, recordingKey: true, embeddingModel: true, embedding: true },
  });
  return new Map(
    rows.map(({ embeddingModel, embedding, ...row }) => [
      row.id,
      { ...row, model: embeddingModel ?? '', vector: [...decodeVector(embedding ?? new Uint8Array())] },
    ]),
  );
}

/** Vectors of different models cannot be compared: the sounds of the commonest. */
export function ofOneModel(sounds: readonly Sound[]): Sound[] {
  const byModel = Map.groupBy(sounds, ({ model }) => model);
  return [...byModel.values()].toSorted((a, b) => b.length - a.length)[0] ?? [];
}
