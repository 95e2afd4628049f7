CREATE TABLE "moderated_thing" (
    "id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "moderated_thing_pkey" PRIMARY KEY ("id")
);

ALTER TABLE "search_entry" ADD COLUMN "is_stated_public" BOOLEAN NOT NULL DEFAULT true;
UPDATE "search_entry" SET "is_stated_public" = false WHERE NOT "is_public";
