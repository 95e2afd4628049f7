-- What is said to a listener is kept as a record, and told in their language. Entries that are there have their words.
ALTER TABLE "wave_log" ADD COLUMN "told" JSONB;
