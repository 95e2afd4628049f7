ALTER TABLE "playable_track" ADD COLUMN "access_at" TIMESTAMPTZ(3),
ADD COLUMN "moderated_at" TIMESTAMPTZ(3),
ADD COLUMN "moderation" TEXT NOT NULL DEFAULT 'CLEAR';

CREATE INDEX "playable_track_access_at_idx" ON "playable_track"("access_at");
