import type { Transaction } from '../database.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { entryTexts, type EntryTexts, headOf } from '../text/entry-texts.ts';
import { foldSounds } from '../text/transliterate.ts';
import { liveVersions } from './live-versions.ts';
import { readWords } from './read-words.ts';

interface TextsOfEntry {
  readonly id: string;
  readonly plays: number;
  readonly texts: EntryTexts;
}

/**
 * Makes the texts of these things anew from what is known of them: whoever has changed a title, a name, what an album
 * holds or who made a track calls this, with the locks of `lockIds`. By default in every version there is.
 */
export async function refreshTexts(
  tx: Transaction,
  ids: readonly string[],
  versions?: readonly number[],
): Promise<void> {
  if (ids.length === 0) return;
  const live = versions ?? (await liveVersions(tx));
  const rows = (await readWords(tx, ids)).map(({ id, plays, words }) => ({
    id,
    plays,
    texts: entryTexts(words),
  }));
  // in one statement: what takes long is the way to the database
  await tx.$executeRaw`
    WITH texts AS (${putTexts(rows, live)}), words AS (${putWords(rows, live)}),
      meanings AS (UPDATE text_vector SET revision = revision + 1 WHERE id = ANY (${[...ids]}::text[])),
      ${putPrefixes(rows, live)}`;
}

/** A text that has not changed is not written: its place in the inverted index would be written too. */
function putTexts(rows: readonly TextsOfEntry[], versions: readonly number[]): Prisma.Sql {
  const column = (of: (texts: EntryTexts) => string) => rows.map(({ texts }) => of(texts));
  return Prisma.sql`
    INSERT INTO search_text AS old (id, version, title_words, title_latin, title_sound, sound, document)
    SELECT t.id, v.version, t.title_words, t.title_latin, t.title_sound, t.sound,
      setweight(to_tsvector('simple', t.a) || to_tsvector('russian', t.a), 'A')
        || setweight(to_tsvector('simple', t.b) || to_tsvector('russian', t.b), 'B')
        || setweight(to_tsvector('simple', t.c) || to_tsvector('russian', t.c), 'C')
        || setweight(to_tsvector('russian', t.d), 'D')
    FROM unnest(
      ${rows.map(({ id }) => id)}::text[],
      ${column(({ titleWords }) => titleWords)}::text[],
      ${column(({ titleLatin }) => titleLatin)}::text[],
      ${column(({ titleSound }) => titleSound)}::text[],
      ${column(({ sound }) => sound)}::text[],
      ${column(({ document }) => document.a)}::text[],
      ${column(({ document }) => document.b)}::text[],
      ${column(({ document }) => document.c)}::text[],
      ${column(({ document }) => document.d)}::text[]
    ) AS t(id, title_words, title_latin, title_sound, sound, a, b, c, d)
    CROSS JOIN unnest(${versions}::int[]) AS v(version)
    ON CONFLICT (id, version) DO UPDATE SET
      title_words = excluded.title_words, title_latin = excluded.title_latin,
      title_sound = excluded.title_sound, sound = excluded.sound, document = excluded.document
    WHERE (old.title_words, old.sound, old.document)
      IS DISTINCT FROM (excluded.title_words, excluded.sound, excluded.document)`;
}

function putWords(rows: readonly TextsOfEntry[], versions: readonly number[]): Prisma.Sql {
  // in one order everywhere, so that nobody waits in a circle
  const words = [...new Set(rows.flatMap(({ texts }) => texts.words))].toSorted();
  return Prisma.sql`
    INSERT INTO search_word (word, version, sound)
    SELECT w.word, v.version, w.sound
    FROM unnest(${versions}::int[]) AS v(version)
    CROSS JOIN unnest(${words}::text[], ${words.map(foldSounds)}::text[]) AS w(word, sound)
    WHERE NOT EXISTS (SELECT FROM search_word old WHERE old.word = w.word AND old.version = v.version)
    ORDER BY v.version, w.word
    ON CONFLICT DO NOTHING`;
}

/** The end of a WITH that takes away the keys that are none any more, and the statement that adds those that are. */
function putPrefixes(rows: readonly TextsOfEntry[], versions: readonly number[]): Prisma.Sql {
  const keys = rows.flatMap(({ id, plays, texts }) =>
    texts.keys.map((key) => ({ id, key, head: headOf(key) ?? '', popularity: popularityOf(plays) })),
  );
  const [ids, texts] = [keys.map(({ id }) => id), keys.map(({ key }) => key)];
  return Prisma.sql`gone AS (
    DELETE FROM search_prefix p
    WHERE p.id = ANY (${rows.map(({ id }) => id)}::text[]) AND p.version = ANY (${versions}::int[])
      AND NOT EXISTS (
        SELECT FROM unnest(${ids}::text[], ${texts}::text[]) AS k(id, key) WHERE k.id = p.id AND k.key = p.key))
    INSERT INTO search_prefix (id, version, key, head, popularity)
    SELECT k.id, v.version, k.key, k.head, k.popularity
    FROM unnest(${ids}::text[], ${texts}::text[], ${keys.map(({ head }) => head)}::text[],
      ${keys.map(({ popularity }) => popularity)}::smallint[]) AS k(id, key, head, popularity)
    CROSS JOIN unnest(${versions}::int[]) AS v(version)
    ON CONFLICT DO NOTHING`;
}

/** As `search_prefix` keeps it. */
function popularityOf(plays: number): number {
  return Math.min(100, Math.floor(4 * Math.log2(plays + 1)));
}
