-- What the analysis hears beside tempo, key and mood, and where the landmarks of a recording are.
ALTER TABLE "track"
  ADD COLUMN "tempo_confidence" DOUBLE PRECISION,
  ADD COLUMN "key_confidence" DOUBLE PRECISION,
  ADD COLUMN "danceability" DOUBLE PRECISION,
  ADD COLUMN "onsets_per_second" DOUBLE PRECISION;
ALTER TABLE "track_sound" ADD COLUMN "fingerprint_key" TEXT;
