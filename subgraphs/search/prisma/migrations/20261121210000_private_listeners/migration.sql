-- Each wish is said at its own time, and a listener may have said one of them alone.
ALTER TABLE "listener"
  ALTER COLUMN "hides_explicit" SET DEFAULT false,
  ALTER COLUMN "said_at" DROP NOT NULL,
  ADD COLUMN "is_private" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "private_at" TIMESTAMPTZ(3);
