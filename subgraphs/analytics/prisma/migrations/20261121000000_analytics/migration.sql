-- what catalog has told of tracks and artist pages, as far as the rights to their figures go
CREATE TABLE "known_track" (
  "id" TEXT NOT NULL,
  "owner_id" TEXT NOT NULL,
  "artist_id" TEXT,
  "stated_at" TIMESTAMPTZ(3) NOT NULL,
  "is_open" BOOLEAN NOT NULL DEFAULT false,
  "openness_seq" INTEGER NOT NULL DEFAULT 0,
  "deleted" BOOLEAN NOT NULL DEFAULT false,
  CONSTRAINT "known_track_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "known_track_artist_id_idx" ON "known_track" ("artist_id");
CREATE INDEX "known_track_owner_id_idx" ON "known_track" ("owner_id");

CREATE TABLE "known_artist" (
  "id" TEXT NOT NULL,
  "owner_id" TEXT NOT NULL,
  "stated_at" TIMESTAMPTZ(3) NOT NULL,
  "deleted" BOOLEAN NOT NULL DEFAULT false,
  CONSTRAINT "known_artist_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "known_artist_owner_id_idx" ON "known_artist" ("owner_id");

-- facts: one row an event, one partition a day; the service makes partitions ahead and drops old ones
CREATE TABLE "play_event" (
  "at" TIMESTAMPTZ(3) NOT NULL,
  "id" TEXT NOT NULL,
  "user_id" TEXT,
  "track_id" TEXT NOT NULL,
  "listening_id" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "position_ms" INTEGER NOT NULL,
  CONSTRAINT "play_event_pkey" PRIMARY KEY ("at", "id")
) PARTITION BY RANGE ("at");

CREATE TABLE "listening" (
  "started_at" TIMESTAMPTZ(3) NOT NULL,
  "id" TEXT NOT NULL,
  "user_id" TEXT,
  "track_id" TEXT NOT NULL,
  "source" TEXT NOT NULL,
  "device_type" TEXT NOT NULL,
  "duration_ms" INTEGER,
  "played_ms" INTEGER NOT NULL,
  "finished" BOOLEAN NOT NULL,
  "skipped" BOOLEAN NOT NULL,
  "dirty" BOOLEAN NOT NULL DEFAULT true,
  "rolled_ms" INTEGER,
  "rolled_play" BOOLEAN NOT NULL DEFAULT false,
  "rolled_finished" BOOLEAN NOT NULL DEFAULT false,
  "rolled_skipped" BOOLEAN NOT NULL DEFAULT false,
  CONSTRAINT "listening_pkey" PRIMARY KEY ("started_at", "id")
) PARTITION BY RANGE ("started_at");
CREATE INDEX "listening_dirty" ON "listening" ("started_at", "id") WHERE "dirty";
CREATE INDEX "listening_user_id_started_at_idx" ON "listening" ("user_id", "started_at");

CREATE TABLE "search_event" (
  "at" TIMESTAMPTZ(3) NOT NULL,
  "id" TEXT NOT NULL,
  "user_id" TEXT,
  "query" TEXT NOT NULL,
  "results" INTEGER NOT NULL,
  "ms" DOUBLE PRECISION NOT NULL,
  CONSTRAINT "search_event_pkey" PRIMARY KEY ("at", "id")
) PARTITION BY RANGE ("at");
CREATE INDEX "search_event_user_id_idx" ON "search_event" ("user_id");

CREATE TABLE "search_click" (
  "at" TIMESTAMPTZ(3) NOT NULL,
  "user_id" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "query" TEXT NOT NULL,
  "result_id" TEXT NOT NULL,
  "position" INTEGER NOT NULL,
  CONSTRAINT "search_click_pkey" PRIMARY KEY ("at", "user_id", "id")
) PARTITION BY RANGE ("at");
CREATE INDEX "search_click_user_id_id_idx" ON "search_click" ("user_id", "id");

CREATE TABLE "operation_event" (
  "at" TIMESTAMPTZ(3) NOT NULL,
  "id" TEXT NOT NULL,
  "name" TEXT,
  "hash" TEXT NOT NULL,
  "user_id" TEXT,
  "status" TEXT NOT NULL,
  "error_code" TEXT,
  "ms" DOUBLE PRECISION NOT NULL,
  "cost" DOUBLE PRECISION NOT NULL,
  "weight" DOUBLE PRECISION NOT NULL,
  CONSTRAINT "operation_event_pkey" PRIMARY KEY ("at", "id")
) PARTITION BY RANGE ("at");
CREATE INDEX "operation_event_user_id_idx" ON "operation_event" ("user_id");

-- events that only count, by their ids
CREATE TABLE "counted_event" (
  "id" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "counted_event_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "counted_event_at_idx" ON "counted_event" ("at");

-- rollups
CREATE TABLE "track_hour" (
  "track_id" TEXT NOT NULL,
  "hour" TIMESTAMPTZ(3) NOT NULL,
  "starts" INTEGER NOT NULL,
  "plays" INTEGER NOT NULL,
  "finishes" INTEGER NOT NULL,
  "skips" INTEGER NOT NULL,
  "listened_ms" BIGINT NOT NULL,
  CONSTRAINT "track_hour_pkey" PRIMARY KEY ("track_id", "hour")
);

CREATE TABLE "track_day" (
  "track_id" TEXT NOT NULL,
  "day" DATE NOT NULL,
  "starts" INTEGER NOT NULL,
  "plays" INTEGER NOT NULL,
  "finishes" INTEGER NOT NULL,
  "skips" INTEGER NOT NULL,
  "listened_ms" BIGINT NOT NULL,
  "listeners" INTEGER NOT NULL,
  CONSTRAINT "track_day_pkey" PRIMARY KEY ("track_id", "day")
);

CREATE TABLE "track_day_by" (
  "track_id" TEXT NOT NULL,
  "day" DATE NOT NULL,
  "source" TEXT NOT NULL,
  "device_type" TEXT NOT NULL,
  "starts" INTEGER NOT NULL,
  "plays" INTEGER NOT NULL,
  "listened_ms" BIGINT NOT NULL,
  CONSTRAINT "track_day_by_pkey" PRIMARY KEY ("track_id", "day", "source", "device_type")
);

CREATE TABLE "track_curve" (
  "track_id" TEXT NOT NULL,
  "day" DATE NOT NULL,
  "second" INTEGER NOT NULL,
  "ends" INTEGER NOT NULL,
  "skips" INTEGER NOT NULL,
  CONSTRAINT "track_curve_pkey" PRIMARY KEY ("track_id", "day", "second")
);

CREATE TABLE "track_heat" (
  "track_id" TEXT NOT NULL,
  "heat" DOUBLE PRECISION NOT NULL,
  "trend" DOUBLE PRECISION NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "popularity" SMALLINT NOT NULL DEFAULT 0,
  "trending" SMALLINT NOT NULL DEFAULT 0,
  CONSTRAINT "track_heat_pkey" PRIMARY KEY ("track_id")
);

CREATE TABLE "user_day" (
  "user_id" TEXT NOT NULL,
  "day" DATE NOT NULL,
  "starts" INTEGER NOT NULL DEFAULT 0,
  "plays" INTEGER NOT NULL DEFAULT 0,
  "skips" INTEGER NOT NULL DEFAULT 0,
  "listened_ms" BIGINT NOT NULL DEFAULT 0,
  "searches" INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT "user_day_pkey" PRIMARY KEY ("user_id", "day")
);
CREATE INDEX "user_day_day_user_id_idx" ON "user_day" ("day", "user_id");

CREATE TABLE "user_track_day" (
  "user_id" TEXT NOT NULL,
  "day" DATE NOT NULL,
  "track_id" TEXT NOT NULL,
  "plays" INTEGER NOT NULL,
  "listened_ms" BIGINT NOT NULL,
  CONSTRAINT "user_track_day_pkey" PRIMARY KEY ("user_id", "day", "track_id")
);
CREATE INDEX "user_track_day_track_id_day_user_id_idx" ON "user_track_day" ("track_id", "day", "user_id");

CREATE TABLE "platform_hour" (
  "hour" TIMESTAMPTZ(3) NOT NULL,
  "starts" BIGINT NOT NULL DEFAULT 0,
  "plays" BIGINT NOT NULL DEFAULT 0,
  "skips" BIGINT NOT NULL DEFAULT 0,
  "listened_ms" BIGINT NOT NULL DEFAULT 0,
  "registrations" BIGINT NOT NULL DEFAULT 0,
  "uploads" BIGINT NOT NULL DEFAULT 0,
  "searches" BIGINT NOT NULL DEFAULT 0,
  "operations" DOUBLE PRECISION NOT NULL DEFAULT 0,
  "errors" DOUBLE PRECISION NOT NULL DEFAULT 0,
  CONSTRAINT "platform_hour_pkey" PRIMARY KEY ("hour")
);

CREATE TABLE "platform_day" (
  "day" DATE NOT NULL,
  "active_users" INTEGER NOT NULL,
  CONSTRAINT "platform_day_pkey" PRIMARY KEY ("day")
);

-- what the checks found last
CREATE TABLE "check_state" (
  "name" TEXT NOT NULL,
  "is_met" BOOLEAN NOT NULL,
  "value" DOUBLE PRECISION,
  "message" TEXT NOT NULL,
  "checked_at" TIMESTAMPTZ(3) NOT NULL,
  "changed_at" TIMESTAMPTZ(3) NOT NULL,
  "told" BOOLEAN NOT NULL,
  CONSTRAINT "check_state_pkey" PRIMARY KEY ("name")
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
CREATE INDEX "outbox_unpublished" ON "outbox" ("id") WHERE "published_at" IS NULL;

CREATE TABLE "processed_message" (
  "consumer" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "processed_message_pkey" PRIMARY KEY ("consumer", "id")
);
