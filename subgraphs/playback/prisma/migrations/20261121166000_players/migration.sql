CREATE TABLE "player" (
  "owner_id" TEXT NOT NULL,
  "version" INTEGER NOT NULL DEFAULT 0,
  "items" JSONB NOT NULL,
  "head" JSONB NOT NULL,
  "past" JSONB NOT NULL,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "player_pkey" PRIMARY KEY ("owner_id")
);

CREATE TABLE "room" (
  "id" TEXT NOT NULL,
  "host_id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "code" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "room_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "room_code_key" ON "room" ("code");
CREATE INDEX "room_host_id_idx" ON "room" ("host_id");

CREATE TABLE "room_member" (
  "room_id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "joined_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "room_member_pkey" PRIMARY KEY ("room_id", "user_id"),
  CONSTRAINT "room_member_room_id_fkey" FOREIGN KEY ("room_id") REFERENCES "room" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX "room_member_user_id_idx" ON "room_member" ("user_id");
