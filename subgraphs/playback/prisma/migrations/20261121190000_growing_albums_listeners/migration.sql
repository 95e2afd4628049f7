ALTER TABLE "playable_track" ADD COLUMN "is_growing" BOOLEAN NOT NULL DEFAULT false;

CREATE TABLE "album_place" (
  "album_id" TEXT NOT NULL,
  "track_id" TEXT NOT NULL,
  CONSTRAINT "album_place_pkey" PRIMARY KEY ("album_id", "track_id")
);

CREATE TABLE "listener" (
  "user_id" TEXT NOT NULL,
  "is_private" BOOLEAN NOT NULL DEFAULT false,
  "private_at" TIMESTAMPTZ(3),
  "is_shown" BOOLEAN NOT NULL DEFAULT false,
  CONSTRAINT "listener_pkey" PRIMARY KEY ("user_id")
);
