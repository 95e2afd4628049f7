-- What users has said of a listener's settings.
CREATE TABLE "listener" (
  "user_id" TEXT NOT NULL,
  "hides_explicit" BOOLEAN NOT NULL,
  "said_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "listener_pkey" PRIMARY KEY ("user_id")
);
