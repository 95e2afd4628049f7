import type { Client } from 'pg';

const FIRST = 20;

/**
 * What anybody would write over the same tables and indexes: the best of each kind by full text and, where that gives too
 * few, by words that are alike. No fusion of several orders, no counts, no other keyboard layout, and no GraphQL.
 */
export async function searchRaw(client: Client, query: string): Promise<unknown[]> {
  const words = query.toLowerCase().split(' ').filter(Boolean);
  const question = `${words.join(' & ')}:*`;
  const { rows } = await client.query(FULL_TEXT, [question, words.join(' ')]);
  if (rows.length >= FIRST) return rows;
  const alike = await client.query(ALIKE, [words, words.join(' ')]);
  return [...rows, ...alike.rows];
}

const FULL_TEXT = `
  WITH serving AS (SELECT version FROM search_version WHERE state = 'SERVING'),
    question AS (SELECT to_tsquery('simple', $1) || plainto_tsquery('russian', $2) AS words)
  SELECT kind, id FROM (
    SELECT e.kind, e.id, row_number() OVER (
      PARTITION BY e.kind ORDER BY ts_rank(s.document, (SELECT words FROM question), 1) DESC) AS place
    FROM search_text s JOIN search_entry e ON e.id = s.id
    WHERE s.version = (SELECT version FROM serving) AND s.document @@ (SELECT words FROM question) AND e.is_public
  ) ranked WHERE place <= ${FIRST}`;

const ALIKE = `
  WITH serving AS (SELECT version FROM search_version WHERE state = 'SERVING')
  SELECT e.kind, e.id FROM search_text s JOIN search_entry e ON e.id = s.id
  WHERE s.version = (SELECT version FROM serving) AND e.is_public
    AND s.document @@ (SELECT search_alike($1::text[], (SELECT version FROM serving)))
  ORDER BY word_similarity($2, s.sound) DESC LIMIT ${FIRST}`;
