-- What a wave was asked for beyond mood and activity, and what it knew when it began: its state is made again from that
-- and from what was told to it, in order.
ALTER TABLE "wave"
  ADD COLUMN "languages" TEXT[] NOT NULL DEFAULT '{}',
  ADD COLUMN "explicit" TEXT NOT NULL DEFAULT 'ALLOW',
  ADD COLUMN "energy_curve" TEXT NOT NULL DEFAULT 'FLAT',
  ADD COLUMN "excludes_ai_suspected" BOOLEAN NOT NULL DEFAULT FALSE,
  ADD COLUMN "begun" JSONB;

ALTER TABLE "wave_item"
  ADD COLUMN "batch" INTEGER NOT NULL DEFAULT 1,
  ADD COLUMN "album_id" TEXT,
  ADD COLUMN "transition" JSONB;

-- reactions, and from now on what was tuned and shaken, in the order in which they were taken
ALTER TABLE "wave_feedback"
  ADD COLUMN "n" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "occurred_at" TIMESTAMPTZ(3),
  ADD COLUMN "data" JSONB;
UPDATE "wave_feedback" f SET "n" = o."n"
FROM (
  SELECT "wave_id", "client_event_id", row_number() OVER (PARTITION BY "wave_id" ORDER BY "at", "client_event_id") AS "n"
  FROM "wave_feedback"
) o
WHERE o."wave_id" = f."wave_id" AND o."client_event_id" = f."client_event_id";
CREATE INDEX "wave_feedback_wave_id_n_idx" ON "wave_feedback"("wave_id", "n");

-- How loud a track is; catalog states it with each description.
ALTER TABLE "indexed_track" ADD COLUMN "loudness_lufs" DOUBLE PRECISION;
-- Tracks at random, always the same ones for the same dice, without a look at all of them.
CREATE INDEX "indexed_track_shuffled_idx" ON "indexed_track"(md5("id")) WHERE "is_open";

-- Everything that says what is to a user's taste, never changed: what is known of a taste is a sum over it.
CREATE TABLE "taste_signal" (
  "id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "track_id" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "source" TEXT NOT NULL,
  "value" DOUBLE PRECISION,
  "at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "taste_signal_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "taste_signal_user_id_at_idx" ON "taste_signal"("user_id", "at");
CREATE INDEX "taste_signal_track_id_idx" ON "taste_signal"("track_id");

-- of what was known before, as much as can be told from what it came to
INSERT INTO "taste_signal" ("id", "user_id", "track_id", "kind", "source", "at")
SELECT 'reaction:' || "user_id" || ':' || "track_id", "user_id", "track_id",
  CASE "reaction" WHEN 'LIKE' THEN 'LIKED' WHEN 'DISLIKE' THEN 'DISLIKED' ELSE 'UNLIKED' END, 'ORGANIC', "at"
FROM "reaction";
INSERT INTO "taste_signal" ("id", "user_id", "track_id", "kind", "source", "at")
SELECT 'anchor:' || "user_id" || ':' || "track_id", "user_id", "track_id", 'FINISHED', 'ORGANIC', "at"
FROM "taste_anchor" WHERE "source" = 'FINISHED';
