CREATE TABLE "track_openness" (
  "id" TEXT NOT NULL,
  "is_open" BOOLEAN NOT NULL,
  "merged_into_id" TEXT,
  "seq" INTEGER NOT NULL,
  CONSTRAINT "track_openness_pkey" PRIMARY KEY ("id")
);

-- what an earlier release has indexed was open
INSERT INTO "track_openness" ("id", "is_open", "seq") SELECT "id", true, 0 FROM "indexed_track";
ALTER TABLE "indexed_track"
  ADD COLUMN "is_open" BOOLEAN NOT NULL DEFAULT true,
  ADD COLUMN "merged_into_id" TEXT,
  ADD COLUMN "twins_sought_at" TIMESTAMPTZ(3);
ALTER TABLE "indexed_track" ALTER COLUMN "is_open" SET DEFAULT false;
CREATE INDEX "indexed_track_merged_into_id_idx" ON "indexed_track"("merged_into_id");

ALTER TABLE "search_entry"
  ADD COLUMN "is_merged" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "stated_at" TIMESTAMPTZ(3);

CREATE TABLE "twin" (
  "track_id" TEXT NOT NULL,
  "other_id" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "twin_pkey" PRIMARY KEY ("track_id", "other_id")
);
CREATE INDEX "twin_other_id_idx" ON "twin"("other_id");
