import { newId } from '@volna/events';
import { withClient } from '@volna/platform/database';

export const DIMENSION = 192;
const [GENRES, BATCH] = [200, 2_000];
/** Tracks of one taste: liked in three styles, on different days. */
const [TASTE, DAYS] = [150, 60];

/** Gives every track of the library a vector, near those of its style, so that search puts it into its store. */
export async function giveSounds(url: string, random: () => number): Promise<void> {
  const centres = Array.from({ length: GENRES }, () => makeVector(random));
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ id: string }>('SELECT id FROM indexed_track ORDER BY id');
    for (let from = 0; from < rows.length; from += BATCH) {
      const batch = rows.slice(from, from + BATCH);
      const styles = batch.map(() => Math.floor(random() * GENRES));
      const sounds = styles.map((style) => {
        const vector = (centres[style] as number[]).map((value) => value + 0.08 * normal(random));
        return Buffer.from(Float32Array.from(toUnit(vector)).buffer);
      });
      await client.query(
        `UPDATE indexed_track t SET embedding = s.embedding, embedding_model = 'bench', announced = 'VECTOR',
           is_open = TRUE, genres = ARRAY['style ' || s.style], energy = 0.5, twins_sought_at = now()
         FROM unnest($1::text[], $2::bytea[], $3::int[]) AS s(id, embedding, style) WHERE t.id = s.id`,
        [batch.map(({ id }) => id), sounds, styles],
      );
    }
    await client.query('ANALYZE indexed_track');
  });
}

/** A listener who likes tracks of three styles. */
export async function makeListener(url: string, random: () => number): Promise<string> {
  const userId = newId('User');
  const styles = Array.from({ length: 3 }, () => `style ${Math.floor(random() * GENRES)}`);
  await withClient(url, async (client) => {
    await client.query(
      `WITH liked AS (
         SELECT id, now() - random() * interval '${DAYS} days' AS at FROM indexed_track
         WHERE genres && $2::text[] ORDER BY md5(id || $1) LIMIT ${TASTE}),
       reactions AS (INSERT INTO reaction (user_id, track_id, reaction, at) SELECT $1, id, 'LIKE', at FROM liked),
       signals AS (
         INSERT INTO taste_signal (id, user_id, track_id, kind, source, at)
         SELECT $1 || id, $1, id, 'LIKED', 'ORGANIC', at FROM liked)
       INSERT INTO taste_anchor (user_id, track_id, source, weight, at) SELECT $1, id, 'LIKED', 1, at FROM liked`,
      [userId, styles],
    );
  });
  return userId;
}

const makeVector = (random: () => number): number[] =>
  toUnit(Array.from({ length: DIMENSION }, () => normal(random)));

function toUnit(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
