CREATE TABLE "playable_track" (
  "id" TEXT NOT NULL,
  "owner_id" TEXT NOT NULL,
  "published" BOOLEAN NOT NULL DEFAULT false,
  "deleted" BOOLEAN NOT NULL DEFAULT false,
  "hls_prefix" TEXT,
  "renditions" JSONB,
  "original_key" TEXT,
  "original_name" TEXT,
  "original_bytes" BIGINT,
  "duration_ms" INTEGER,
  CONSTRAINT "playable_track_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "listening" (
  "id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "track_id" TEXT NOT NULL,
  "source" TEXT NOT NULL,
  "device_type" TEXT NOT NULL,
  "played_at" TIMESTAMPTZ(3) NOT NULL,
  "last_at" TIMESTAMPTZ(3) NOT NULL,
  "played_ms" INTEGER NOT NULL,
  "ended" BOOLEAN NOT NULL DEFAULT false,
  CONSTRAINT "listening_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "listening_user_id_played_at_id_idx" ON "listening"("user_id", "played_at", "id");
CREATE INDEX "listening_user_id_track_id_last_at_idx" ON "listening"("user_id", "track_id", "last_at");

CREATE TABLE "counted_report" (
  "user_id" TEXT NOT NULL,
  "client_event_id" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "counted_report_pkey" PRIMARY KEY ("user_id", "client_event_id")
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
CREATE INDEX "outbox_unpublished" ON "outbox"("id") WHERE "published_at" IS NULL;

CREATE TABLE "processed_message" (
  "consumer" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "processed_message_pkey" PRIMARY KEY ("consumer", "id")
);
