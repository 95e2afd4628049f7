CREATE TYPE "moderation_state" AS ENUM ('CLEAR', 'HIDDEN', 'TAKEN_DOWN');

CREATE TYPE "credit_role" AS ENUM ('MAIN', 'FEATURED', 'REMIXER', 'COMPOSER', 'LYRICIST', 'PRODUCER', 'CONDUCTOR', 'PERFORMER', 'ENGINEER', 'OTHER');

CREATE TYPE "duplicate_state" AS ENUM ('PROPOSED', 'MERGED', 'DISMISSED');

CREATE TYPE "claim_state" AS ENUM ('PENDING', 'APPROVED', 'REJECTED', 'WITHDRAWN');

CREATE TYPE "moderation_target" AS ENUM ('TRACK', 'ARTIST', 'ALBUM', 'PLAYLIST');

CREATE TYPE "case_state" AS ENUM ('OPEN', 'DECIDED', 'APPEALED', 'CLOSED');

CREATE TYPE "report_category" AS ENUM ('COPYRIGHT', 'HATE', 'VIOLENCE', 'SEXUAL', 'SPAM', 'IMPERSONATION', 'SYNTHETIC', 'WRONG_METADATA', 'OTHER');

CREATE TYPE "moderation_action_kind" AS ENUM ('REPORTED', 'DECIDED', 'APPEALED', 'APPEAL_GRANTED', 'APPEAL_REFUSED');

CREATE TYPE "upload_purpose" AS ENUM ('AUDIO', 'COVER');

ALTER TYPE "job_kind" ADD VALUE 'fetch';
ALTER TYPE "job_kind" ADD VALUE 'cover';

ALTER TYPE "upload_status" ADD VALUE 'FETCHING';

ALTER TABLE "artist" ADD COLUMN "moderation" "moderation_state" NOT NULL DEFAULT 'CLEAR',
ADD COLUMN "name_key" TEXT NOT NULL DEFAULT '',
ADD COLUMN "picture" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN "verified_at" TIMESTAMPTZ(3);

ALTER TABLE "track" ADD COLUMN "album_title" TEXT,
ADD COLUMN "content_hash" TEXT,
ADD COLUMN "cover_given" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN "credits_given" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN "disc_number" INTEGER,
ADD COLUMN "explicit" BOOLEAN,
ADD COLUMN "is_draft" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN "is_open" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN "isrc" TEXT,
ADD COLUMN "language" TEXT,
ADD COLUMN "merged_into_id" TEXT,
ADD COLUMN "moderation" "moderation_state" NOT NULL DEFAULT 'CLEAR',
ADD COLUMN "open_seq" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN "published_at" TIMESTAMPTZ(3),
ADD COLUMN "tag_keys" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN "genre_keys" TEXT[] DEFAULT ARRAY[]::TEXT[];

ALTER TABLE "track_genre" ADD COLUMN "name_key" TEXT;
UPDATE "track_genre" SET "name_key" = regexp_replace(lower("name"), '[^[:alnum:]]+', '', 'g');
ALTER TABLE "track_genre" ALTER COLUMN "name_key" SET NOT NULL;

ALTER TABLE "upload" ADD COLUMN "intent" JSONB,
ADD COLUMN "purpose" "upload_purpose" NOT NULL DEFAULT 'AUDIO',
ADD COLUMN "received_bytes" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN "source_url" TEXT,
ADD COLUMN "target_id" TEXT;

CREATE TABLE "track_credit" (
    "track_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "role" "credit_role" NOT NULL,
    "name" TEXT NOT NULL,
    "name_key" TEXT NOT NULL,
    "artist_id" TEXT,
    "detail" TEXT,

    CONSTRAINT "track_credit_pkey" PRIMARY KEY ("track_id","position")
);

CREATE TABLE "track_restatement" (
    "track_id" TEXT NOT NULL,

    CONSTRAINT "track_restatement_pkey" PRIMARY KEY ("track_id")
);

CREATE TABLE "track_lyrics" (
    "track_id" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "lines" JSONB,
    "language" TEXT,
    "source" "genre_source" NOT NULL,

    CONSTRAINT "track_lyrics_pkey" PRIMARY KEY ("track_id")
);

CREATE TABLE "genre" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "parent_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "genre_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "genre_alias" (
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "genre_id" TEXT NOT NULL,

    CONSTRAINT "genre_alias_pkey" PRIMARY KEY ("key")
);

CREATE TABLE "duplicate_proposal" (
    "id" TEXT NOT NULL,
    "track_id" TEXT NOT NULL,
    "other_id" TEXT NOT NULL,
    "reasons" TEXT[],
    "similarity" DOUBLE PRECISION,
    "state" "duplicate_state" NOT NULL DEFAULT 'PROPOSED',
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "duplicate_proposal_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "artist_claim" (
    "id" TEXT NOT NULL,
    "artist_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "evidence" TEXT NOT NULL,
    "state" "claim_state" NOT NULL DEFAULT 'PENDING',
    "reason" TEXT,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "artist_claim_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "moderation_case" (
    "id" TEXT NOT NULL,
    "target_type" "moderation_target" NOT NULL,
    "target_id" TEXT NOT NULL,
    "owner_id" TEXT,
    "title" TEXT NOT NULL,
    "state" "case_state" NOT NULL DEFAULT 'OPEN',
    "decision" "moderation_state",
    "reason" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "appeal" TEXT,
    "appealed_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "moderation_case_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "content_report" (
    "case_id" TEXT NOT NULL,
    "reporter_id" TEXT NOT NULL,
    "category" "report_category" NOT NULL,
    "text" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "content_report_pkey" PRIMARY KEY ("case_id","reporter_id")
);

CREATE TABLE "moderation_action" (
    "id" TEXT NOT NULL,
    "case_id" TEXT NOT NULL,
    "kind" "moderation_action_kind" NOT NULL,
    "actor_id" TEXT,
    "decision" "moderation_state",
    "note" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "moderation_action_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "track_credit_artist_id_track_id_idx" ON "track_credit"("artist_id", "track_id");

CREATE INDEX "track_credit_name_key_track_id_idx" ON "track_credit"("name_key", "track_id");

CREATE UNIQUE INDEX "genre_name_key" ON "genre"("name");

CREATE INDEX "genre_parent_id_idx" ON "genre"("parent_id");

CREATE INDEX "genre_alias_genre_id_idx" ON "genre_alias"("genre_id");

CREATE INDEX "duplicate_proposal_state_id_idx" ON "duplicate_proposal"("state", "id");

CREATE INDEX "duplicate_proposal_other_id_idx" ON "duplicate_proposal"("other_id");

CREATE UNIQUE INDEX "duplicate_proposal_track_id_other_id_key" ON "duplicate_proposal"("track_id", "other_id");

CREATE INDEX "artist_claim_state_id_idx" ON "artist_claim"("state", "id");

CREATE INDEX "artist_claim_user_id_id_idx" ON "artist_claim"("user_id", "id");

CREATE INDEX "artist_claim_artist_id_idx" ON "artist_claim"("artist_id");

CREATE INDEX "moderation_case_state_id_idx" ON "moderation_case"("state", "id");

CREATE INDEX "moderation_case_state_target_type_id_idx" ON "moderation_case"("state", "target_type", "id");

CREATE INDEX "moderation_case_target_id_id_idx" ON "moderation_case"("target_id", "id");

-- one at a time is open about a thing
CREATE UNIQUE INDEX "moderation_case_open" ON "moderation_case"("target_id") WHERE "state" IN ('OPEN', 'APPEALED');

CREATE INDEX "moderation_case_owner_id_id_idx" ON "moderation_case"("owner_id", "id");

CREATE INDEX "content_report_reporter_id_created_at_idx" ON "content_report"("reporter_id", "created_at");

CREATE INDEX "moderation_action_case_id_id_idx" ON "moderation_action"("case_id", "id");

CREATE INDEX "moderation_action_actor_id_idx" ON "moderation_action"("actor_id");

CREATE INDEX "upload_target_id_idx" ON "upload"("target_id");

CREATE INDEX "artist_name_key_id_idx" ON "artist"("name_key", "id");

CREATE INDEX "track_is_open_id_idx" ON "track"("is_open", "id");

CREATE INDEX "track_is_open_title_key_id_idx" ON "track"("is_open", "title_key", "id");

CREATE INDEX "track_is_open_year_id_idx" ON "track"("is_open", "year", "id");

CREATE INDEX "track_is_open_language_id_idx" ON "track"("is_open", "language", "id");

CREATE INDEX "track_is_open_explicit_id_idx" ON "track"("is_open", "explicit", "id");

DROP INDEX "track_owner_id_id_idx";
CREATE INDEX "track_owner_id_is_open_id_idx" ON "track"("owner_id", "is_open", "id");

CREATE INDEX "track_genre_name_key_track_id_idx" ON "track_genre"("name_key", "track_id");

CREATE INDEX "artist_country_id_idx" ON "artist"("country", "id");

CREATE INDEX "artist_verified_at_idx" ON "artist"("verified_at");

CREATE INDEX "track_isrc_idx" ON "track"("isrc");

CREATE INDEX "track_content_hash_idx" ON "track"("content_hash");

CREATE INDEX "track_merged_into_id_idx" ON "track"("merged_into_id");

CREATE INDEX "track_tag_keys_idx" ON "track" USING GIN ("tag_keys");

CREATE INDEX "track_genre_keys_idx" ON "track" USING GIN ("genre_keys");

ALTER TABLE "track" ADD CONSTRAINT "track_merged_into_id_fkey" FOREIGN KEY ("merged_into_id") REFERENCES "track"("id") ON DELETE SET NULL ON UPDATE CASCADE;

ALTER TABLE "track_credit" ADD CONSTRAINT "track_credit_track_id_fkey" FOREIGN KEY ("track_id") REFERENCES "track"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "track_credit" ADD CONSTRAINT "track_credit_artist_id_fkey" FOREIGN KEY ("artist_id") REFERENCES "artist"("id") ON DELETE SET NULL ON UPDATE CASCADE;

ALTER TABLE "track_restatement" ADD CONSTRAINT "track_restatement_track_id_fkey" FOREIGN KEY ("track_id") REFERENCES "track"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "track_lyrics" ADD CONSTRAINT "track_lyrics_track_id_fkey" FOREIGN KEY ("track_id") REFERENCES "track"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "genre" ADD CONSTRAINT "genre_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "genre"("id") ON DELETE SET NULL ON UPDATE CASCADE;

ALTER TABLE "genre_alias" ADD CONSTRAINT "genre_alias_genre_id_fkey" FOREIGN KEY ("genre_id") REFERENCES "genre"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "duplicate_proposal" ADD CONSTRAINT "duplicate_proposal_track_id_fkey" FOREIGN KEY ("track_id") REFERENCES "track"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "duplicate_proposal" ADD CONSTRAINT "duplicate_proposal_other_id_fkey" FOREIGN KEY ("other_id") REFERENCES "track"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "artist_claim" ADD CONSTRAINT "artist_claim_artist_id_fkey" FOREIGN KEY ("artist_id") REFERENCES "artist"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "content_report" ADD CONSTRAINT "content_report_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "moderation_case"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "moderation_action" ADD CONSTRAINT "moderation_action_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "moderation_case"("id") ON DELETE CASCADE ON UPDATE CASCADE;


UPDATE "track" SET "genre_keys" = genres.keys
FROM (SELECT "track_id", array_agg(DISTINCT "name_key") AS keys FROM "track_genre" GROUP BY "track_id") AS genres
WHERE "track"."id" = genres."track_id";
UPDATE "track" SET "tag_keys" = lower("tags"::text)::text[];
UPDATE "track" SET "is_open" = true, "open_seq" = 1, "published_at" = "created_at" WHERE "status" = 'READY';
INSERT INTO "track_credit" ("track_id", "position", "role", "name", "name_key", "artist_id")
  SELECT track.id, 0, 'MAIN', artist.name, artist.name_key, artist.id
  FROM "track" JOIN "artist" ON artist.id = track.artist_id;

ALTER TABLE "album_ref" ADD COLUMN "deleted" BOOLEAN NOT NULL DEFAULT false;

-- what was done is appended to; erasure alone may take out who did it and what was noted of a person
CREATE FUNCTION keep_moderation_action() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE'
    AND (NEW.actor_id IS NULL OR NEW.actor_id = OLD.actor_id) AND (NEW.note IS NULL OR NEW.note = OLD.note)
    AND (NEW.id, NEW.case_id, NEW.kind, NEW.decision, NEW.at)
      IS NOT DISTINCT FROM (OLD.id, OLD.case_id, OLD.kind, OLD.decision, OLD.at)
  THEN RETURN NEW;
  END IF;
  RAISE EXCEPTION 'what moderators did is kept as it is';
END $$;
CREATE TRIGGER moderation_action_is_kept BEFORE UPDATE OR DELETE ON "moderation_action"
  FOR EACH ROW EXECUTE FUNCTION keep_moderation_action();
CREATE TRIGGER moderation_actions_are_kept BEFORE TRUNCATE ON "moderation_action"
  FOR EACH STATEMENT EXECUTE FUNCTION keep_moderation_action();
