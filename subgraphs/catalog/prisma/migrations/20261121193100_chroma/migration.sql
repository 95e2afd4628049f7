-- Where the pitch classes of a track are kept.
ALTER TABLE "track_sound" ADD COLUMN "chroma_key" TEXT;
