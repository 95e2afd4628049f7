-- What the music of a track is recognised by when others play it.
ALTER TABLE "indexed_track" ADD COLUMN "chroma_key" TEXT;
ALTER TABLE "indexed_track" ADD COLUMN "works_stored_at" TIMESTAMPTZ(3);
