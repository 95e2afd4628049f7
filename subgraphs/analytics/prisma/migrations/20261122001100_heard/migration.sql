ALTER TABLE "listening" ADD COLUMN "heard_ms" INTEGER, ADD COLUMN "rolled_heard_ms" INTEGER;
