-- What a model makes of the words of an entry: so that it need not be asked again.
CREATE TABLE "text_vector" (
  "id" TEXT NOT NULL,
  "revision" INTEGER NOT NULL DEFAULT 1,
  "model" TEXT,
  "embedded_revision" INTEGER NOT NULL DEFAULT 0,
  "digest" TEXT,
  "vector" BYTEA,
  "stored_as" TEXT,
  CONSTRAINT "text_vector_pkey" PRIMARY KEY ("id")
);
