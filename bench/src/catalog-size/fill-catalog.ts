import { withClient } from '@volna/platform/database';
import type { Client } from 'pg';

/** A page has so many tracks, and an uploader so many pages. */
export const TRACKS_OF_PAGE = 10;
export const PAGES_OF_OWNER = 10;
const RANDOM = `('x' || substr(md5(n::text), 1, 7))::bit(28)::int`;

const MANY = `${RANDOM} % 110`;
const TEN = `${RANDOM} / 110 % 10`;

/** The id of the nth thing of a kind, as every other id, in the order of their making. */
export function idOf(prefix: string, n: number): string {
  return `${prefix}_${n.toString(16).padStart(32, '0')}`;
}
const idSql = (prefix: string, n: string) => `'${prefix}_' || lpad(to_hex(${n}), 32, '0')`;

/** Artists, as many as there are pages of so many tracks: one in a hundred confirmed, one in a thousand hidden. */
const ARTISTS = `
  INSERT INTO artist (id, owner_id, name, name_key, country, verified_at, moderation)
  SELECT ${idSql('art', 'n')}, ${idSql('usr', `n / ${PAGES_OF_OWNER}`)}, 'Artist ' || n, 'artist ' || n,
    (ARRAY['RU', 'FI', 'FR', 'US', 'JP', 'BR', 'DE', 'GB'])[1 + ${RANDOM} % 8],
    CASE WHEN n % 100 = 3 THEN now() END,
    (CASE WHEN n % 1000 = 999 THEN 'HIDDEN' ELSE 'CLEAR' END)::moderation_state
  FROM generate_series(0, $1::int) AS n`;

/** One in fifty is a draft, one in fifty failed; words as uneven as people use them. */
const TRACKS = `
  INSERT INTO track (id, artist_id, owner_id, title, title_key, status, stage, is_draft, is_open, open_seq, year,
    language, explicit, isrc, tags, tag_keys, genre_keys, duration_ms)
  SELECT ${idSql('trk', 'n')}, ${idSql('art', `n / ${TRACKS_OF_PAGE}`)},
    ${idSql('usr', `n / ${TRACKS_OF_PAGE * PAGES_OF_OWNER}`)},
    'Song ' || r % 250000, 'song ' || r % 250000,
    (CASE WHEN n % 50 = 1 THEN 'FAILED' ELSE 'READY' END)::track_status, 'DONE', n % 50 = 2, n % 50 NOT IN (1, 2), 1,
    CASE WHEN r % 10 <> 0 THEN 2025 - (r % 70) * (r % 7) / 7 END,
    (ARRAY['en', 'en', 'en', 'ru', 'ru', 'fr', 'ja', 'de', NULL, NULL])[1 + r % 10],
    CASE r % 20 WHEN 0 THEN true WHEN 1 THEN NULL ELSE false END,
    'FIABC' || lpad((n % 10000000)::text, 7, '0'), tags, tags,
    ARRAY[($2::text[])[1 + ${MANY}], ($2::text[])[1 + ${TEN}]], 60000 + r % 240000
  FROM generate_series(0, $1::int) AS n, LATERAL (SELECT ${RANDOM} AS r) AS random,
    LATERAL (SELECT ARRAY['mood ' || r % 20, 'word ' || r % 5000] AS tags) AS words`;

/** Two genres for each track, of those that `$2` and `$3` name: one of many, and one of ten. */
const GENRES = `
  INSERT INTO track_genre (track_id, source, name, name_key, confidence)
  SELECT ${idSql('trk', 'n')}, source, ($2::text[])[1 + at], ($3::text[])[1 + at], 1
  FROM generate_series(0, $1::int) AS n,
    LATERAL (VALUES ('USER'::genre_source, ${MANY}), ('FILE'::genre_source, ${TEN})) AS pick (source, at)`;
const KNOWN_GENRES = `
  SELECT genre.name, key FROM genre_alias JOIN genre ON genre.id = genre_id AND genre.name = genre_alias.name
  ORDER BY key LIMIT 110`;

const INDEXES = `
  SELECT indexname, indexdef FROM pg_indexes
  WHERE schemaname = 'public' AND tablename IN ('artist', 'track', 'track_genre') AND indexname NOT LIKE '%_pkey'`;

/** So many tracks with what belongs to them, into a catalog that has none. */
export async function fillCatalog(url: string, tracks: number): Promise<void> {
  await withClient(url, async (client) => {
    await client.query('SET statement_timeout = 0');
    await client.query(`SET maintenance_work_mem = '512MB'`);
    const { rows } = await client.query<{ name: string; key: string }>(KNOWN_GENRES);
    const [names, keys] = [rows.map(({ name }) => name), rows.map(({ key }) => key)];
    await withoutIndexes(client, async () => {
      await client.query(ARTISTS, [Math.ceil(tracks / TRACKS_OF_PAGE)]);
      await client.query(TRACKS, [tracks - 1, keys]);
      await client.query(GENRES, [tracks - 1, names, keys]);
    });
    await client.query('VACUUM ANALYZE artist, track, track_genre, genre, genre_alias');
  });
}

/** Makes the indexes anew afterwards, which takes a fraction of keeping them row by row. */
async function withoutIndexes(client: Client, run: () => Promise<void>): Promise<void> {
  const { rows } = await client.query<{ indexname: string; indexdef: string }>(INDEXES);
  for (const { indexname } of rows) await client.query(`DROP INDEX "${indexname}"`);
  await run();
  for (const { indexdef } of rows) await client.query(indexdef);
}
