CREATE TABLE "artist_ref" (
  "id" TEXT NOT NULL,
  "owner_id" TEXT NOT NULL,
  CONSTRAINT "artist_ref_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "track_ref" (
  "id" TEXT NOT NULL,
  "owner_id" TEXT NOT NULL,
  "published" BOOLEAN NOT NULL DEFAULT false,
  "deleted" BOOLEAN NOT NULL DEFAULT false,
  "duration_ms" INTEGER,
  "cover" JSONB NOT NULL DEFAULT '[]',
  CONSTRAINT "track_ref_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "album" (
  "id" TEXT NOT NULL,
  "artist_id" TEXT NOT NULL,
  "owner_id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "release_date" TEXT,
  "type" TEXT NOT NULL,
  "label" TEXT,
  "description" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "album_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "album_artist_id_id_idx" ON "album"("artist_id", "id");

CREATE TABLE "album_track" (
  "album_id" TEXT NOT NULL,
  "track_id" TEXT NOT NULL,
  "position" INTEGER NOT NULL,
  "added_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "album_track_pkey" PRIMARY KEY ("album_id", "track_id"),
  CONSTRAINT "album_track_album_id_fkey" FOREIGN KEY ("album_id") REFERENCES "album"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "album_track_album_id_position_idx" ON "album_track"("album_id", "position");
CREATE INDEX "album_track_track_id_idx" ON "album_track"("track_id");

CREATE TABLE "playlist" (
  "id" TEXT NOT NULL,
  "owner_id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "description" TEXT,
  "visibility" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "playlist_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "playlist_owner_id_id_idx" ON "playlist"("owner_id", "id");

CREATE TABLE "playlist_item" (
  "id" TEXT NOT NULL,
  "playlist_id" TEXT NOT NULL,
  "track_id" TEXT NOT NULL,
  "position" TEXT COLLATE "C" NOT NULL,
  "added_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "playlist_item_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "playlist_item_playlist_id_fkey" FOREIGN KEY ("playlist_id") REFERENCES "playlist"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "playlist_item_playlist_id_position_key" ON "playlist_item"("playlist_id", "position");
CREATE INDEX "playlist_item_track_id_idx" ON "playlist_item"("track_id");

CREATE TABLE "reaction" (
  "user_id" TEXT NOT NULL,
  "track_id" TEXT NOT NULL,
  "reaction" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "reaction_pkey" PRIMARY KEY ("user_id", "track_id")
);
CREATE INDEX "reaction_user_id_reaction_at_track_id_idx" ON "reaction"("user_id", "reaction", "at", "track_id");
CREATE INDEX "reaction_track_id_idx" ON "reaction"("track_id");

CREATE TABLE "outbox" (
  "id" TEXT NOT NULL,
  "subject" TEXT NOT NULL,
  "payload" JSONB NOT NULL,
  "correlation_id" TEXT NOT NULL,
  "occurred_at" TIMESTAMPTZ(3) NOT NULL,
  "published_at" TIMESTAMPTZ(3),
  "attempts" INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "outbox_unpublished" ON "outbox"("id") WHERE "published_at" IS NULL;

CREATE TABLE "processed_message" (
  "consumer" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "processed_message_pkey" PRIMARY KEY ("consumer", "id")
);
