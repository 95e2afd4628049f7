-- who wants to be counted without being named
CREATE TABLE "private_listener" (
  "user_id" TEXT NOT NULL,
  "is_private" BOOLEAN NOT NULL,
  "stated_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "private_listener_pkey" PRIMARY KEY ("user_id")
);
