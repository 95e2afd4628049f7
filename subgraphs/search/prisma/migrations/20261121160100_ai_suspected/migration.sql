-- Catalog states it with each description from now on; until then nothing is suspected.
ALTER TABLE "indexed_track" ADD COLUMN "is_ai_suspected" BOOLEAN NOT NULL DEFAULT false;
