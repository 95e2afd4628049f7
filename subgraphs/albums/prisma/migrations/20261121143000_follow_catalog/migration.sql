ALTER TABLE "artist_ref"
  ADD COLUMN "is_open" BOOLEAN NOT NULL DEFAULT true,
  ADD COLUMN "deleted" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "stated_at" TIMESTAMPTZ(3);

ALTER TABLE "track_ref" RENAME COLUMN "published" TO "is_open";
ALTER TABLE "track_ref"
  ADD COLUMN "openness_seq" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "merged_into_id" TEXT,
  ADD COLUMN "artist_ids" TEXT[] NOT NULL DEFAULT '{}',
  ADD COLUMN "artist_keys" TEXT[] NOT NULL DEFAULT '{}';
UPDATE "track_ref" SET "artist_ids" = ARRAY["artist_id"] WHERE "artist_id" IS NOT NULL;
UPDATE "track_ref" SET "artist_keys" = ARRAY["artist_key"] WHERE "artist_key" <> '';
CREATE INDEX "track_ref_artist_ids_idx" ON "track_ref" USING GIN ("artist_ids");

ALTER TABLE "album"
  ADD COLUMN "cover" JSONB NOT NULL DEFAULT '[]',
  ADD COLUMN "cover_at" TIMESTAMPTZ(3),
  ADD COLUMN "import_key" TEXT,
  ADD COLUMN "edited_at" TIMESTAMPTZ(3);
CREATE INDEX "album_owner_id_import_key_idx" ON "album"("owner_id", "import_key");

ALTER TABLE "playlist"
  ADD COLUMN "cover" JSONB NOT NULL DEFAULT '[]',
  ADD COLUMN "cover_at" TIMESTAMPTZ(3);

CREATE TABLE "imported_track" (
  "track_id" TEXT NOT NULL,
  "owner_id" TEXT NOT NULL,
  "album_id" TEXT,
  "artist_id" TEXT NOT NULL,
  "import_key" TEXT NOT NULL,
  "disc" INTEGER NOT NULL,
  "number" INTEGER,
  "facts" JSONB NOT NULL,
  "stated_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "imported_track_pkey" PRIMARY KEY ("track_id"),
  CONSTRAINT "imported_track_album_id_fkey" FOREIGN KEY ("album_id") REFERENCES "album"("id") ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE INDEX "imported_track_album_id_idx" ON "imported_track"("album_id");
CREATE INDEX "imported_track_owner_id_idx" ON "imported_track"("owner_id");
