ALTER TYPE "job_kind" ADD VALUE 'decode';

-- A round in which all tracks are analysed once more, as with a newer model.
CREATE TABLE "reanalysis" (
    "number" SERIAL NOT NULL,
    "is_running" BOOLEAN NOT NULL DEFAULT true,
    "model" TEXT,
    "total" INTEGER NOT NULL,
    "ordered" INTEGER NOT NULL DEFAULT 0,
    "skipped" INTEGER NOT NULL DEFAULT 0,
    "after_id" TEXT NOT NULL DEFAULT '',
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "reanalysis_pkey" PRIMARY KEY ("number")
);

ALTER TABLE "job" ADD COLUMN "reanalysis_number" INTEGER;
CREATE INDEX "job_reanalysis_number_state_idx" ON "job"("reanalysis_number", "state");
