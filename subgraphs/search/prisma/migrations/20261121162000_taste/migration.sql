-- What a user has said of the tracks that their taste is measured from.
CREATE TABLE "taste_choice" (
  "user_id" TEXT NOT NULL,
  "track_id" TEXT NOT NULL,
  "picked_at" TIMESTAMPTZ(3),
  "pinned_at" TIMESTAMPTZ(3),
  "forgotten_at" TIMESTAMPTZ(3),
  CONSTRAINT "taste_choice_pkey" PRIMARY KEY ("user_id", "track_id")
);
CREATE INDEX "taste_choice_track_id_idx" ON "taste_choice"("track_id");

-- What is suggested, made beforehand.
CREATE TABLE "shelf" (
  "user_id" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "content" JSONB NOT NULL,
  "made_at" TIMESTAMPTZ(3) NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "shelf_pkey" PRIMARY KEY ("user_id", "kind")
);
CREATE INDEX "shelf_expires_at_idx" ON "shelf"("expires_at");

-- How many listeners played a track on a day: a listener counts once a day for it.
ALTER TABLE "listen" ADD COLUMN "counted_on" DATE;
CREATE TABLE "track_day" (
  "day" DATE NOT NULL,
  "track_id" TEXT NOT NULL,
  "listeners" INTEGER NOT NULL,
  CONSTRAINT "track_day_pkey" PRIMARY KEY ("day", "track_id")
);
CREATE INDEX "track_day_track_id_idx" ON "track_day"("track_id");
-- of what was heard before, as much as can be told
INSERT INTO "track_day" ("day", "track_id", "listeners")
SELECT ("last_at" AT TIME ZONE 'UTC')::date, "track_id", count(*) FROM "listen" WHERE "finishes" > 0 GROUP BY 1, 2;

-- What listeners of a track like besides: sums over listeners that name none of them.
CREATE TABLE "collaborative_track" (
  "track_id" TEXT NOT NULL,
  "norm" DOUBLE PRECISION NOT NULL,
  "listeners" INTEGER NOT NULL,
  CONSTRAINT "collaborative_track_pkey" PRIMARY KEY ("track_id")
);
CREATE TABLE "collaborative_neighbour" (
  "track_id" TEXT NOT NULL,
  "other_id" TEXT NOT NULL,
  "similarity" DOUBLE PRECISION NOT NULL,
  "support" INTEGER NOT NULL,
  CONSTRAINT "collaborative_neighbour_pkey" PRIMARY KEY ("track_id", "other_id")
);
CREATE INDEX "collaborative_neighbour_other_id_idx" ON "collaborative_neighbour"("other_id");
CREATE TABLE "collaborative_due" (
  "track_id" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "collaborative_due_pkey" PRIMARY KEY ("track_id")
);
CREATE INDEX "collaborative_due_at_idx" ON "collaborative_due"("at");
CREATE TABLE "collaborative_state" (
  "id" INTEGER NOT NULL,
  "listeners" INTEGER NOT NULL,
  "rebuilt_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "collaborative_state_pkey" PRIMARY KEY ("id")
);
