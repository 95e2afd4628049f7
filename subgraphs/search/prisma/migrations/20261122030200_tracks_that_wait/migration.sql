-- Several times a minute it is looked for tracks that wait for something; none do, and all of them were read to see that.
CREATE INDEX "indexed_track_segments_wait" ON "indexed_track"("id")
  WHERE "segments_key" IS NOT NULL AND "segments_stored_at" IS NULL;
CREATE INDEX "indexed_track_works_wait" ON "indexed_track"("id")
  WHERE "chroma_key" IS NOT NULL AND "works_stored_at" IS NULL;
CREATE INDEX "indexed_track_twins_wait" ON "indexed_track"("id")
  WHERE "embedding_model" IS NOT NULL AND "vector_stored_at" IS NOT NULL AND "twins_sought_at" IS NULL;
