ALTER TABLE "listening" ADD COLUMN "position_ms" INTEGER, ADD COLUMN "heard_ms" INTEGER;
ALTER TABLE "private_listening" ADD COLUMN "position_ms" INTEGER, ADD COLUMN "heard_ms" INTEGER;
