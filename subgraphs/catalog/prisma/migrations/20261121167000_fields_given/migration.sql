-- Which words of a track a person has said: files that are imported again do not overrule those.
ALTER TABLE "track" ADD COLUMN "fields_given" TEXT[] DEFAULT ARRAY[]::TEXT[];
