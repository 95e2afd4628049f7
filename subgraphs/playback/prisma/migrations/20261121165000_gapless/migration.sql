ALTER TABLE "playable_track"
  ADD COLUMN "lossless" JSONB,
  ADD COLUMN "gapless" JSONB,
  ADD COLUMN "loudness_lufs" DOUBLE PRECISION,
  ADD COLUMN "true_peak_dbtp" DOUBLE PRECISION;
