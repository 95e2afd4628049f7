-- Part of every PostgreSQL; trusted, so that the owner of the database may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE "search_entry" (
  "id" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "owner_id" TEXT NOT NULL,
  "is_public" BOOLEAN NOT NULL,
  "artist_id" TEXT,
  "year" INTEGER,
  "genre_keys" TEXT[],
  "plays" INTEGER NOT NULL DEFAULT 0,
  "title" TEXT NOT NULL,
  "title_words" TEXT NOT NULL,
  "title_latin" TEXT NOT NULL,
  "title_sound" TEXT NOT NULL,
  "words" TEXT NOT NULL,
  "latin" TEXT NOT NULL,
  "sound" TEXT NOT NULL,
  "document" TSVECTOR,
  CONSTRAINT "search_entry_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "search_entry_artist_id_idx" ON "search_entry"("artist_id");
-- for one and two letters, of which there are no trigrams
CREATE INDEX "search_entry_title_latin_prefix" ON "search_entry"("title_latin" text_pattern_ops)
WHERE "title_latin" IS NOT NULL;
-- without fastupdate: a long list of pending entries makes each search slow
CREATE INDEX "search_entry_document_idx" ON "search_entry" USING GIN("document") WITH (fastupdate = off);
CREATE INDEX "search_entry_title_latin_trgm" ON "search_entry" USING GIN("title_latin" gin_trgm_ops) WITH (fastupdate = off);
CREATE INDEX "search_entry_title_sound_trgm" ON "search_entry" USING GIN("title_sound" gin_trgm_ops) WITH (fastupdate = off);
CREATE INDEX "search_entry_sound_trgm" ON "search_entry" USING GIN("sound" gin_trgm_ops) WITH (fastupdate = off);

CREATE TABLE "indexed_track" (
  "id" TEXT NOT NULL,
  "owner_id" TEXT NOT NULL,
  "artist_id" TEXT NOT NULL,
  "artist_name" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "recording_key" TEXT NOT NULL,
  "duration_ms" INTEGER,
  "year" INTEGER,
  "genres" TEXT[],
  "tags" TEXT[],
  "tempo" DOUBLE PRECISION,
  "musical_key" TEXT,
  "energy" DOUBLE PRECISION,
  "valence" DOUBLE PRECISION,
  "plays" INTEGER NOT NULL DEFAULT 0,
  "embedding_model" TEXT,
  "embedding" BYTEA,
  "segments_key" TEXT,
  "vector_stored_at" TIMESTAMPTZ(3),
  "segments_stored_at" TIMESTAMPTZ(3),
  "announced" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "described_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "indexed_track_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "indexed_track_artist_id_idx" ON "indexed_track"("artist_id");
CREATE INDEX "indexed_track_plays_id_idx" ON "indexed_track"("plays", "id");
CREATE INDEX "indexed_track_created_at_id_idx" ON "indexed_track"("created_at", "id");
CREATE INDEX "indexed_track_embedding_model_vector_stored_at_idx" ON "indexed_track"("embedding_model", "vector_stored_at");

CREATE TABLE "deleted_track" (
  "id" TEXT NOT NULL,
  "embedding_model" TEXT,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "deleted_track_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "album_tracks" (
  "album_id" TEXT NOT NULL,
  "track_ids" TEXT[],
  CONSTRAINT "album_tracks_pkey" PRIMARY KEY ("album_id")
);
CREATE INDEX "album_tracks_track_ids_idx" ON "album_tracks" USING GIN("track_ids");

CREATE TABLE "reaction" (
  "user_id" TEXT NOT NULL,
  "track_id" TEXT NOT NULL,
  "reaction" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "reaction_pkey" PRIMARY KEY ("user_id", "track_id")
);
CREATE INDEX "reaction_track_id_idx" ON "reaction"("track_id");

CREATE TABLE "listen" (
  "user_id" TEXT NOT NULL,
  "track_id" TEXT NOT NULL,
  "last_at" TIMESTAMPTZ(3) NOT NULL,
  "finishes" INTEGER NOT NULL DEFAULT 0,
  "skips" INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT "listen_pkey" PRIMARY KEY ("user_id", "track_id")
);
CREATE INDEX "listen_user_id_last_at_idx" ON "listen"("user_id", "last_at");
CREATE INDEX "listen_track_id_idx" ON "listen"("track_id");

CREATE TABLE "taste_anchor" (
  "user_id" TEXT NOT NULL,
  "track_id" TEXT NOT NULL,
  "source" TEXT NOT NULL,
  "weight" DOUBLE PRECISION NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "taste_anchor_pkey" PRIMARY KEY ("user_id", "track_id")
);
CREATE INDEX "taste_anchor_user_id_at_idx" ON "taste_anchor"("user_id", "at");
CREATE INDEX "taste_anchor_track_id_idx" ON "taste_anchor"("track_id");

CREATE TABLE "blocked_artist" (
  "user_id" TEXT NOT NULL,
  "artist_id" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "blocked_artist_pkey" PRIMARY KEY ("user_id", "artist_id")
);

CREATE TABLE "wave" (
  "id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "seed" TEXT,
  "mood" TEXT NOT NULL,
  "activity" TEXT NOT NULL,
  "familiarity" TEXT NOT NULL,
  "exploration" DOUBLE PRECISION NOT NULL,
  "random_seed" INTEGER NOT NULL,
  "state" JSONB NOT NULL,
  "is_ended" BOOLEAN NOT NULL DEFAULT false,
  "next_seq" INTEGER NOT NULL DEFAULT 1,
  "log_length" INTEGER NOT NULL DEFAULT 0,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "wave_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "wave_user_id_created_at_idx" ON "wave"("user_id", "created_at");

CREATE TABLE "wave_item" (
  "wave_id" TEXT NOT NULL,
  "seq" INTEGER NOT NULL,
  "track_id" TEXT NOT NULL,
  "score" DOUBLE PRECISION NOT NULL,
  "exploratory" BOOLEAN NOT NULL,
  "reason" JSONB NOT NULL,
  "state" TEXT NOT NULL DEFAULT 'QUEUED',
  CONSTRAINT "wave_item_pkey" PRIMARY KEY ("wave_id", "seq")
);
CREATE INDEX "wave_item_track_id_idx" ON "wave_item"("track_id");

CREATE TABLE "wave_feedback" (
  "wave_id" TEXT NOT NULL,
  "client_event_id" TEXT NOT NULL,
  "seq" INTEGER NOT NULL,
  "type" TEXT NOT NULL,
  "position_ms" INTEGER,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "wave_feedback_pkey" PRIMARY KEY ("wave_id", "client_event_id")
);

CREATE TABLE "wave_log" (
  "wave_id" TEXT NOT NULL,
  "n" INTEGER NOT NULL,
  "kind" TEXT NOT NULL,
  "seqs" INTEGER[],
  "why" TEXT,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "wave_log_pkey" PRIMARY KEY ("wave_id", "n")
);

CREATE TABLE "audio_search" (
  "id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "upload_id" TEXT NOT NULL,
  "status" TEXT NOT NULL DEFAULT 'QUEUED',
  "matches" JSONB NOT NULL DEFAULT '[]',
  "error_code" TEXT,
  "error_message" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "audio_search_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "audio_search_status_created_at_idx" ON "audio_search"("status", "created_at");

CREATE TABLE "outbox" (
  "id" TEXT NOT NULL,
  "subject" TEXT NOT NULL,
  "payload" JSONB NOT NULL,
  "correlation_id" TEXT NOT NULL,
  "occurred_at" TIMESTAMPTZ(3) NOT NULL,
  "published_at" TIMESTAMPTZ(3),
  "attempts" INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "processed_message" (
  "consumer" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "processed_message_pkey" PRIMARY KEY ("consumer", "id")
);

CREATE INDEX "outbox_unpublished" ON "outbox"("id") WHERE "published_at" IS NULL;

-- What full text sees of an entry: each word as it is, and its stems in two languages.
CREATE FUNCTION search_entry_document() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  NEW.document := to_tsvector('simple', NEW.words || ' ' || NEW.latin)
    || to_tsvector('russian', NEW.words) || to_tsvector('english', NEW.words);
  RETURN NEW;
END
$$;
CREATE TRIGGER "search_entry_document" BEFORE INSERT OR UPDATE OF "words", "latin" ON "search_entry"
FOR EACH ROW EXECUTE FUNCTION search_entry_document();

-- The entries some words of which sound like a text; a function because only it can lower the threshold.
CREATE FUNCTION search_alike(text_sound TEXT, most INTEGER) RETURNS TABLE (id TEXT, likeness REAL)
LANGUAGE sql STABLE
SET pg_trgm.word_similarity_threshold = 0.45
AS $$
  SELECT e.id, word_similarity(text_sound, e.sound) AS likeness
  FROM search_entry e
  WHERE text_sound <% e.sound
  ORDER BY likeness DESC, similarity(text_sound, e.title_sound) DESC, e.plays DESC, e.id
  LIMIT most
$$;
