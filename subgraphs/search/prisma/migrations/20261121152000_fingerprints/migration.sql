-- By what a recording is recognised before its segments are asked.
ALTER TABLE "indexed_track" ADD COLUMN "fingerprint_key" TEXT;
CREATE INDEX "indexed_track_fingerprint_key_idx" ON "indexed_track"("fingerprint_key");

-- the kinds of answers to a clip have got the names that they have in the schema
UPDATE "audio_search"
SET "matches" = replace(replace("matches"::text, '"EXACT"', '"SAME_RECORDING"'), '"SIMILAR"', '"SOUNDS_LIKE"')::jsonb
WHERE "matches" <> '[]';
