-- How sure the analysis is of energy, valence and moods, how much of a track is speech, and what people say of the
-- estimate of synthetic speech.
ALTER TYPE "moderation_action_kind" ADD VALUE 'AUTHENTICITY_APPEALED';
ALTER TYPE "moderation_action_kind" ADD VALUE 'AUTHENTICITY_CLEARED';
ALTER TYPE "moderation_action_kind" ADD VALUE 'AUTHENTICITY_CONFIRMED';
CREATE TYPE "authenticity_verdict" AS ENUM ('CLEARED', 'CONFIRMED');

ALTER TABLE "track"
  ADD COLUMN "is_ai_suspected" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "energy_confidence" DOUBLE PRECISION,
  ADD COLUMN "valence_confidence" DOUBLE PRECISION,
  ADD COLUMN "speech_share" DOUBLE PRECISION,
  ADD COLUMN "moods" JSONB NOT NULL DEFAULT '[]';
CREATE INDEX "track_is_ai_suspected_id_idx" ON "track"("is_ai_suspected", "id");

CREATE TABLE "authenticity_review" (
  "track_id" TEXT NOT NULL,
  "appeal" TEXT,
  "appealed_at" TIMESTAMPTZ(3),
  "verdict" "authenticity_verdict",
  "reason" TEXT,
  "decided_at" TIMESTAMPTZ(3),
  CONSTRAINT "authenticity_review_pkey" PRIMARY KEY ("track_id"),
  CONSTRAINT "authenticity_review_track_id_fkey" FOREIGN KEY ("track_id") REFERENCES "track"("id")
    ON DELETE CASCADE ON UPDATE CASCADE
);

-- what was scored until now was mostly music, which the model knows nothing of
UPDATE "track_sound"
SET "authenticity" = '{"status": "UNKNOWN", "score": null, "chunks": [], "error": null}'
WHERE "authenticity" ->> 'status' = 'DONE';
