-- What a track's own words and filters are made of, beside what is known already.
ALTER TABLE "indexed_track"
  ADD COLUMN "language" TEXT,
  ADD COLUMN "explicit" BOOLEAN,
  ADD COLUMN "credits" JSONB NOT NULL DEFAULT '[]',
  ADD COLUMN "credited_ids" TEXT[],
  ADD COLUMN "lyrics" TEXT;
UPDATE "indexed_track" SET "credited_ids" = '{}';

-- The texts that are searched are made from the entries, and can be made anew: each making is a version of its own.
CREATE TABLE "search_version" (
  "version" INTEGER NOT NULL,
  "state" TEXT NOT NULL,
  "format" INTEGER NOT NULL,
  "total" INTEGER NOT NULL DEFAULT 0,
  "done" INTEGER NOT NULL DEFAULT 0,
  "after_id" TEXT NOT NULL DEFAULT '',
  "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "ended_at" TIMESTAMPTZ(3),
  CONSTRAINT "search_version_pkey" PRIMARY KEY ("version")
);
-- one serves, one is made
CREATE UNIQUE INDEX "search_version_one_of_a_state" ON "search_version"("state")
WHERE "state" IN ('SERVING', 'BUILDING');

CREATE TABLE "search_text" (
  "id" TEXT NOT NULL,
  "version" INTEGER NOT NULL,
  "title_words" TEXT NOT NULL,
  "title_latin" TEXT NOT NULL,
  "title_sound" TEXT NOT NULL,
  "sound" TEXT NOT NULL,
  "document" TSVECTOR NOT NULL,
  CONSTRAINT "search_text_pkey" PRIMARY KEY ("id", "version")
) PARTITION BY LIST ("version");
-- without fastupdate: a long list of pending entries makes each search slow
CREATE INDEX "search_text_document_idx" ON "search_text" USING GIN("document") WITH (fastupdate = off);

-- the words of all texts, for finding those that a word was meant to be
CREATE TABLE "search_word" (
  "word" TEXT NOT NULL,
  "version" INTEGER NOT NULL,
  "sound" TEXT NOT NULL,
  CONSTRAINT "search_word_pkey" PRIMARY KEY ("word", "version")
) PARTITION BY LIST ("version");
CREATE INDEX "search_word_sound_trgm" ON "search_word" USING GIN("sound" gin_trgm_ops) WITH (fastupdate = off);

CREATE TABLE "search_prefix" (
  "id" TEXT NOT NULL,
  "version" INTEGER NOT NULL,
  "key" TEXT NOT NULL,
  "head" TEXT NOT NULL,
  "popularity" SMALLINT NOT NULL DEFAULT 0,
  CONSTRAINT "search_prefix_pkey" PRIMARY KEY ("id", "version", "key")
) PARTITION BY LIST ("version");
-- with what a look needs, so that it reads nothing else; the conditions hide from Prisma what it has no word for
CREATE INDEX "search_prefix_popular" ON "search_prefix"("head", "popularity" DESC) INCLUDE ("key", "id", "version")
WHERE "head" IS NOT NULL;
CREATE INDEX "search_prefix_key" ON "search_prefix"("key" text_pattern_ops) WHERE "key" IS NOT NULL;

-- no foreign keys: with them a version could not come or go without a lock on all entries
CREATE FUNCTION search_entry_forget() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM search_prefix WHERE id = OLD.id;
  DELETE FROM search_text WHERE id = OLD.id;
  RETURN NULL;
END
$$;
CREATE TRIGGER "search_entry_forget" AFTER DELETE ON "search_entry"
FOR EACH ROW EXECUTE FUNCTION search_entry_forget();

CREATE TABLE "search_text_1" PARTITION OF "search_text" FOR VALUES IN (1);
CREATE TABLE "search_word_1" PARTITION OF "search_word" FOR VALUES IN (1);
CREATE TABLE "search_prefix_1" PARTITION OF "search_prefix" FOR VALUES IN (1);

-- a word that no text has any more goes with the last one
CREATE FUNCTION search_text_forget() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM search_word w
  WHERE w.version = OLD.version AND w.word = ANY (tsvector_to_array(OLD.document)) AND NOT EXISTS (
    SELECT FROM search_text t WHERE t.version = OLD.version AND t.document @@ quote_literal(w.word)::tsquery);
  RETURN NULL;
END
$$;
CREATE TRIGGER "search_text_forget" AFTER DELETE OR UPDATE OF "document" ON "search_text"
FOR EACH ROW EXECUTE FUNCTION search_text_forget();

-- what is there serves until the first start has made it anew
INSERT INTO "search_version" ("version", "state", "format") VALUES (1, 'SERVING', 1);
INSERT INTO "search_text" ("id", "version", "title_words", "title_latin", "title_sound", "sound", "document")
SELECT "id", 1, "title_words", "title_latin", "title_sound", "sound", coalesce("document", '') FROM "search_entry";
INSERT INTO "search_prefix" ("id", "version", "key", "head", "popularity")
SELECT "id", 1, "title_latin", left("title_latin", 3), least(100, floor(4 * log(2, "plays" + 1)))
FROM "search_entry" WHERE length("title_latin") >= 3 AND length("title_latin") <= 200;

DROP FUNCTION search_alike(TEXT, INTEGER);
DROP TRIGGER "search_entry_document" ON "search_entry";
DROP FUNCTION search_entry_document();
ALTER TABLE "search_entry"
  DROP COLUMN "title_words",
  DROP COLUMN "title_latin",
  DROP COLUMN "title_sound",
  DROP COLUMN "words",
  DROP COLUMN "latin",
  DROP COLUMN "sound",
  DROP COLUMN "document";
-- what only its owner finds, for telling whose answers are nobody else's
CREATE INDEX "search_entry_closed" ON "search_entry"("owner_id") WHERE NOT "is_public";
CREATE INDEX "search_entry_genre_keys_idx" ON "search_entry" USING GIN("genre_keys") WITH (fastupdate = off);

-- What a text has that holds, for each of some words, one of those that are spelt or sound much like it; a word that is
-- like none is left out. Null where all are. A function because only it can set the threshold.
CREATE FUNCTION search_alike(sounds TEXT[], serving INTEGER) RETURNS TSQUERY
LANGUAGE sql STABLE
SET pg_trgm.similarity_threshold = 0.33
AS $$
  SELECT to_tsquery('simple', string_agg('(' || spellings || ')', ' & '))
  FROM (
    SELECT string_agg(quote_literal(alike.word), ' | ') AS spellings
    FROM unnest(sounds) AS typed(sound)
    CROSS JOIN LATERAL (
      SELECT w.word FROM search_word w
      WHERE w.version = serving AND w.sound % typed.sound
      ORDER BY similarity(w.sound, typed.sound) DESC, w.word
      LIMIT 8
    ) alike
    GROUP BY typed.sound
  ) words
$$;

-- The genres that lie below each, itself among them; all names folded. Catalog owns the tree.
CREATE TABLE "genre_name" (
  "key" TEXT NOT NULL,
  "parent_key" TEXT,
  "same_as" TEXT,
  "stated_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "genre_name_pkey" PRIMARY KEY ("key")
);
