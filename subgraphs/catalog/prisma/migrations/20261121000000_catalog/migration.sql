CREATE TYPE "track_status" AS ENUM ('PROCESSING', 'READY', 'FAILED');
CREATE TYPE "processing_stage" AS ENUM ('QUEUED', 'PROBING', 'TRANSCODING', 'ANALYZING', 'INDEXING', 'DONE');
CREATE TYPE "genre_source" AS ENUM ('USER', 'FILE', 'MODEL');
CREATE TYPE "upload_status" AS ENUM ('PENDING', 'COMPLETED', 'REJECTED', 'EXPIRED');
CREATE TYPE "job_kind" AS ENUM ('transcode', 'analyze');
CREATE TYPE "job_state" AS ENUM ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED');

CREATE TABLE "artist" (
  "id" TEXT NOT NULL,
  "owner_id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "bio" TEXT,
  "country" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "artist_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "artist_owner_id_id_idx" ON "artist" ("owner_id", "id");

CREATE TABLE "track" (
  "id" TEXT NOT NULL,
  "artist_id" TEXT NOT NULL,
  "owner_id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "title_key" TEXT NOT NULL,
  "title_given" BOOLEAN NOT NULL DEFAULT false,
  "year" INTEGER,
  "track_number" INTEGER,
  "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
  "tags_given" BOOLEAN NOT NULL DEFAULT false,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "status" "track_status" NOT NULL DEFAULT 'PROCESSING',
  "stage" "processing_stage" NOT NULL DEFAULT 'QUEUED',
  "progress" DOUBLE PRECISION NOT NULL DEFAULT 0,
  "seq" INTEGER NOT NULL DEFAULT 1,
  "message" TEXT,
  "error_code" TEXT,
  "error_message" TEXT,
  "stage_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "duration_ms" INTEGER,
  "hls_prefix" TEXT,
  "loudness_lufs" DOUBLE PRECISION,
  "loudness_range_lu" DOUBLE PRECISION,
  "true_peak_dbtp" DOUBLE PRECISION,
  "cover" JSONB NOT NULL DEFAULT '[]',
  "tempo" DOUBLE PRECISION,
  "key" TEXT,
  "energy" DOUBLE PRECISION,
  "valence" DOUBLE PRECISION,
  "embedding_model" TEXT,
  CONSTRAINT "track_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "track_artist_id_fkey" FOREIGN KEY ("artist_id") REFERENCES "artist" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "track_artist_id_id_idx" ON "track" ("artist_id", "id");
CREATE INDEX "track_owner_id_id_idx" ON "track" ("owner_id", "id");
CREATE INDEX "track_status_id_idx" ON "track" ("status", "id");
CREATE INDEX "track_title_key_id_idx" ON "track" ("title_key", "id");
CREATE INDEX "track_stage_stage_at_idx" ON "track" ("stage", "stage_at");

CREATE TABLE "track_genre" (
  "track_id" TEXT NOT NULL,
  "source" "genre_source" NOT NULL,
  "name" TEXT NOT NULL,
  "confidence" DOUBLE PRECISION NOT NULL,
  CONSTRAINT "track_genre_pkey" PRIMARY KEY ("track_id", "source", "name"),
  CONSTRAINT "track_genre_track_id_fkey" FOREIGN KEY ("track_id") REFERENCES "track" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "track_sound" (
  "track_id" TEXT NOT NULL,
  "peaks" BYTEA,
  "embedding" REAL[] DEFAULT ARRAY[]::REAL[],
  "segments_key" TEXT,
  "authenticity" JSONB,
  CONSTRAINT "track_sound_pkey" PRIMARY KEY ("track_id"),
  CONSTRAINT "track_sound_track_id_fkey" FOREIGN KEY ("track_id") REFERENCES "track" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "upload" (
  "id" TEXT NOT NULL,
  "owner_id" TEXT NOT NULL,
  "status" "upload_status" NOT NULL DEFAULT 'PENDING',
  "filename" TEXT NOT NULL,
  "content_type" TEXT NOT NULL,
  "size_bytes" BIGINT NOT NULL,
  "part_bytes" INTEGER NOT NULL,
  "object_key" TEXT NOT NULL,
  "multipart_id" TEXT NOT NULL,
  "track_id" TEXT,
  "refusal_code" TEXT,
  "refusal_message" TEXT,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "upload_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "upload_object_key_key" ON "upload" ("object_key");
CREATE UNIQUE INDEX "upload_track_id_key" ON "upload" ("track_id");
CREATE INDEX "upload_owner_id_id_idx" ON "upload" ("owner_id", "id");
CREATE INDEX "upload_status_expires_at_idx" ON "upload" ("status", "expires_at");

CREATE TABLE "job" (
  "id" TEXT NOT NULL,
  "kind" "job_kind" NOT NULL,
  "state" "job_state" NOT NULL DEFAULT 'QUEUED',
  "attempt" INTEGER NOT NULL DEFAULT 1,
  "max_attempts" INTEGER NOT NULL DEFAULT 3,
  "worker" TEXT,
  "lease_until" TIMESTAMPTZ(3),
  "announce_at" TIMESTAMPTZ(3) NOT NULL,
  "enqueued_count" INTEGER NOT NULL DEFAULT 0,
  "input" JSONB NOT NULL,
  "error_code" TEXT,
  "error_message" TEXT,
  "track_id" TEXT,
  "upload_id" TEXT NOT NULL,
  "search_id" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "job_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "job_track_id_fkey" FOREIGN KEY ("track_id") REFERENCES "track" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "job_upload_id_fkey" FOREIGN KEY ("upload_id") REFERENCES "upload" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "job_search_id_kind_key" ON "job" ("search_id", "kind");
CREATE INDEX "job_state_id_idx" ON "job" ("state", "id");
CREATE INDEX "job_state_lease_until_idx" ON "job" ("state", "lease_until");
CREATE INDEX "job_state_announce_at_idx" ON "job" ("state", "announce_at");
CREATE INDEX "job_track_id_idx" ON "job" ("track_id");
CREATE INDEX "job_upload_id_idx" ON "job" ("upload_id");

CREATE TABLE "album_ref" (
  "id" TEXT NOT NULL,
  "owner_id" TEXT NOT NULL,
  CONSTRAINT "album_ref_pkey" PRIMARY KEY ("id")
);

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
CREATE INDEX outbox_unpublished ON outbox (id) WHERE published_at IS NULL;

CREATE TABLE "processed_message" (
  "consumer" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "processed_message_pkey" PRIMARY KEY ("consumer", "id")
);
