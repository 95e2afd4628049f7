import { openPool } from '@volna/platform/database';

import { openDatabase } from '../database.ts';

const BATCH = 500;

/** A track with what people have said of it; what models have said is not there. */
export interface LabelledTrack {
  readonly artistId: string;
  readonly embeddingModel: string;
  readonly embedding: readonly number[];
  /** As users or the file name them; null for none. */
  readonly genres: readonly string[] | null;
  /** The tags that somebody has given; null where nobody has. */
  readonly tags: readonly string[] | null;
}

/** All tracks that are ready, analysed and labelled by people, in the order of their ids. */
export async function readExamples(databaseUrl: string): Promise<LabelledTrack[]> {
  const pool = openPool(databaseUrl, { max: 1 });
  const db = openDatabase(pool);
  try {
    const found: LabelledTrack[] = [];
    for (let after = ''; ;) {
      // oxlint-disable-next-line no-await-in-loop -- one batch after the other keeps statements short
      const tracks = await db.track.findMany({
        where: { id: { gt: after }, status: 'READY', embeddingModel: { not: null } },
        orderBy: { id: 'asc' },
        take: BATCH,
        include: { sound: true, genres: { where: { source: { in: ['USER', 'FILE'] } } } },
      });
      for (const { artistId, embeddingModel, sound, genres, tags, tagsGiven } of tracks) {
        if (!embeddingModel || !sound || sound.embedding.length === 0) continue;
        const named = {
          genres: genres.length > 0 ? [...new Set(genres.map(({ name }) => name))] : null,
          tags: tagsGiven ? tags : null,
        };
        if (named.genres || named.tags)
          found.push({ artistId, embeddingModel, embedding: sound.embedding, ...named });
      }
      if (tracks.length < BATCH) return found;
      after = tracks.at(-1)?.id ?? '';
    }
  } finally {
    await db.$disconnect();
    await pool.end();
  }
}
