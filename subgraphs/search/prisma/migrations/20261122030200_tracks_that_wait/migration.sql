-- Tracks that wait for something are asked for several times a minute: mostly there are none.
CREATE INDEX IF NOT EXISTS "indexed_track_segments_wait" ON "indexed_track"("id")
  WHERE "segments_key" IS NOT NULL AND "segments_stored_at" IS NULL;
CREATE INDEX IF NOT EXISTS "indexed_track_works_wait" ON "indexed_track"("id")
  WHERE "chroma_key" IS NOT NULL AND "works_stored_at" IS NULL;
CREATE INDEX IF NOT EXISTS "indexed_track_twins_wait" ON "indexed_track"("id")
  WHERE "embedding_model" IS NOT NULL AND "vector_stored_at" IS NOT NULL AND "twins_sought_at" IS NULL;
