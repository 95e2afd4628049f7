ALTER TABLE "artist_ref" ADD COLUMN "name" TEXT;

ALTER TABLE "track_ref"
  ADD COLUMN "title" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "artist_id" TEXT,
  ADD COLUMN "artist_name" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "title_key" TEXT COLLATE "C" NOT NULL DEFAULT '',
  ADD COLUMN "artist_key" TEXT COLLATE "C" NOT NULL DEFAULT '',
  ADD COLUMN "year" INTEGER,
  ADD COLUMN "genre_keys" TEXT[] NOT NULL DEFAULT '{}',
  ADD COLUMN "tempo" DOUBLE PRECISION,
  ADD COLUMN "energy" DOUBLE PRECISION,
  ADD COLUMN "added_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  ADD COLUMN "described_at" TIMESTAMPTZ(3);
CREATE INDEX "track_ref_added_at_id_idx" ON "track_ref"("added_at", "id");
CREATE INDEX "track_ref_title_key_id_idx" ON "track_ref"("title_key", "id");
CREATE INDEX "track_ref_artist_id_idx" ON "track_ref"("artist_id");
CREATE INDEX "track_ref_genre_keys_idx" ON "track_ref" USING GIN ("genre_keys");

CREATE TABLE "listen" (
  "user_id" TEXT NOT NULL,
  "track_id" TEXT NOT NULL,
  "last_at" TIMESTAMPTZ(3) NOT NULL,
  "plays" INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT "listen_pkey" PRIMARY KEY ("user_id", "track_id")
);
CREATE INDEX "listen_track_id_idx" ON "listen"("track_id");

ALTER TABLE "album"
  ADD COLUMN "sort_date" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "upc" TEXT,
  ADD COLUMN "status" TEXT NOT NULL DEFAULT 'RELEASED',
  ADD COLUMN "release_at" TIMESTAMPTZ(3),
  ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1,
  ADD COLUMN "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
UPDATE "album" SET "sort_date" = coalesce("release_date", to_char("created_at", 'YYYY-MM-DD')), "updated_at" = "created_at";
DROP INDEX "album_artist_id_id_idx";
CREATE INDEX "album_artist_id_sort_date_id_idx" ON "album"("artist_id", "sort_date", "id");
CREATE UNIQUE INDEX "album_owner_id_upc_key" ON "album"("owner_id", "upc");
CREATE INDEX "album_status_release_at_idx" ON "album"("status", "release_at");

CREATE TABLE "album_artist" (
  "album_id" TEXT NOT NULL,
  "artist_id" TEXT NOT NULL,
  "role" TEXT NOT NULL,
  "position" INTEGER NOT NULL,
  CONSTRAINT "album_artist_pkey" PRIMARY KEY ("album_id", "artist_id"),
  CONSTRAINT "album_artist_album_id_fkey" FOREIGN KEY ("album_id") REFERENCES "album"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "album_artist_artist_id_idx" ON "album_artist"("artist_id");

ALTER TABLE "album_track" ADD COLUMN "disc" INTEGER NOT NULL DEFAULT 1;
UPDATE "album_track" t SET "position" = o.place
FROM (
  SELECT "album_id", "track_id", row_number() OVER (PARTITION BY "album_id" ORDER BY "position", "track_id") - 1 AS place
  FROM "album_track"
) o
WHERE o."album_id" = t."album_id" AND o."track_id" = t."track_id";

ALTER TABLE "playlist"
  ADD COLUMN "seq" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "smart" JSONB,
  ADD COLUMN "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
UPDATE "playlist" SET "updated_at" = "created_at";

ALTER TABLE "playlist_item" ADD COLUMN "added_by" TEXT;
UPDATE "playlist_item" i SET "added_by" = p."owner_id" FROM "playlist" p WHERE p."id" = i."playlist_id";
CREATE INDEX "playlist_item_added_by_idx" ON "playlist_item"("added_by");

CREATE TABLE "playlist_change" (
  "playlist_id" TEXT NOT NULL,
  "seq" INTEGER NOT NULL,
  "kind" TEXT NOT NULL,
  "item_ids" TEXT[] NOT NULL DEFAULT '{}',
  "actor_id" TEXT,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "playlist_change_pkey" PRIMARY KEY ("playlist_id", "seq"),
  CONSTRAINT "playlist_change_playlist_id_fkey" FOREIGN KEY ("playlist_id") REFERENCES "playlist"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "playlist_change_actor_id_idx" ON "playlist_change"("actor_id");

CREATE TABLE "playlist_member" (
  "playlist_id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "role" TEXT NOT NULL,
  "joined_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "playlist_member_pkey" PRIMARY KEY ("playlist_id", "user_id"),
  CONSTRAINT "playlist_member_playlist_id_fkey" FOREIGN KEY ("playlist_id") REFERENCES "playlist"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "playlist_member_user_id_joined_at_playlist_id_idx" ON "playlist_member"("user_id", "joined_at", "playlist_id");

CREATE TABLE "playlist_invite" (
  "id" TEXT NOT NULL,
  "playlist_id" TEXT NOT NULL,
  "role" TEXT NOT NULL,
  "token_hash" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "playlist_invite_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "playlist_invite_playlist_id_fkey" FOREIGN KEY ("playlist_id") REFERENCES "playlist"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "playlist_invite_token_hash_key" ON "playlist_invite"("token_hash");
CREATE INDEX "playlist_invite_playlist_id_idx" ON "playlist_invite"("playlist_id");

CREATE TABLE "playlist_follow" (
  "user_id" TEXT NOT NULL,
  "playlist_id" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "playlist_follow_pkey" PRIMARY KEY ("user_id", "playlist_id"),
  CONSTRAINT "playlist_follow_playlist_id_fkey" FOREIGN KEY ("playlist_id") REFERENCES "playlist"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "playlist_follow_user_id_at_playlist_id_idx" ON "playlist_follow"("user_id", "at", "playlist_id");
CREATE INDEX "playlist_follow_playlist_id_idx" ON "playlist_follow"("playlist_id");

CREATE TABLE "playlist_folder" (
  "id" TEXT NOT NULL,
  "owner_id" TEXT NOT NULL,
  "parent_id" TEXT,
  "name" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "playlist_folder_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "playlist_folder_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "playlist_folder"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "playlist_folder_owner_id_parent_id_name_idx" ON "playlist_folder"("owner_id", "parent_id", "name");
CREATE INDEX "playlist_folder_parent_id_idx" ON "playlist_folder"("parent_id");

CREATE TABLE "filed_playlist" (
  "user_id" TEXT NOT NULL,
  "playlist_id" TEXT NOT NULL,
  "folder_id" TEXT NOT NULL,
  CONSTRAINT "filed_playlist_pkey" PRIMARY KEY ("user_id", "playlist_id"),
  CONSTRAINT "filed_playlist_playlist_id_fkey" FOREIGN KEY ("playlist_id") REFERENCES "playlist"("id") ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "filed_playlist_folder_id_fkey" FOREIGN KEY ("folder_id") REFERENCES "playlist_folder"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "filed_playlist_folder_id_playlist_id_idx" ON "filed_playlist"("folder_id", "playlist_id");
CREATE INDEX "filed_playlist_playlist_id_idx" ON "filed_playlist"("playlist_id");

INSERT INTO "album_artist" ("album_id", "artist_id", "role", "position")
SELECT "id", "artist_id", 'MAIN', 0 FROM "album";
