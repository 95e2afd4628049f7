ALTER TABLE "playable_track" RENAME COLUMN "published" TO "is_open";
ALTER TABLE "playable_track"
  ADD COLUMN "openness_seq" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "merged_into_id" TEXT;
