-- The map of the library; drawn in the background from the vectors that there are.
CREATE TABLE "sound_map" (
    "version" INTEGER NOT NULL,
    "model" TEXT NOT NULL,
    "tracks" INTEGER NOT NULL,
    "axes" BYTEA NOT NULL,
    "is_serving" BOOLEAN NOT NULL,
    "made_at" TIMESTAMPTZ(3),

    CONSTRAINT "sound_map_pkey" PRIMARY KEY ("version")
);

CREATE TABLE "track_place" (
    "version" INTEGER NOT NULL,
    "track_id" TEXT NOT NULL,
    "x" DOUBLE PRECISION NOT NULL,
    "y" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "track_place_pkey" PRIMARY KEY ("version", "track_id")
);
CREATE INDEX "track_place_track_id_idx" ON "track_place"("track_id");
CREATE INDEX "track_place_version_x_y_idx" ON "track_place"("version", "x", "y");

-- Vectors that a newer model has made of tracks, until all have one and they serve.
CREATE TABLE "vector_model" (
    "model" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "vector_model_pkey" PRIMARY KEY ("model")
);

CREATE TABLE "next_vector" (
    "track_id" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "embedding" BYTEA NOT NULL,
    "segments_key" TEXT,
    "described_at" TIMESTAMPTZ(3) NOT NULL,
    "stored_at" TIMESTAMPTZ(3),
    "segments_stored_at" TIMESTAMPTZ(3),

    CONSTRAINT "next_vector_pkey" PRIMARY KEY ("track_id")
);
CREATE INDEX "next_vector_model_stored_at_idx" ON "next_vector"("model", "stored_at");

-- What serves is what most tracks have vectors of.
INSERT INTO "vector_model" ("model", "state")
SELECT "embedding_model", 'SERVING' FROM "indexed_track" WHERE "embedding_model" IS NOT NULL
GROUP BY "embedding_model" ORDER BY count(*) DESC LIMIT 1;
