CREATE TABLE "private_listening" (
  "id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "track_id" TEXT NOT NULL,
  "played_at" TIMESTAMPTZ(3) NOT NULL,
  "last_at" TIMESTAMPTZ(3) NOT NULL,
  "began_ms" INTEGER NOT NULL,
  CONSTRAINT "private_listening_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "private_listening_user_id_track_id_last_at_idx" ON "private_listening"("user_id", "track_id", "last_at");
