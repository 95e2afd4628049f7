-- How many texts hold a word, for ranking: a rare one says more. By bytes, so that beginnings of words are looked up.
CREATE TABLE "search_term" (
  "word" TEXT COLLATE "C" NOT NULL,
  "documents" INTEGER NOT NULL,
  CONSTRAINT "search_term_pkey" PRIMARY KEY ("word")
);

-- of which version, and of how many texts; one row
CREATE TABLE "search_statistics" (
  "version" INTEGER NOT NULL,
  "documents" INTEGER NOT NULL,
  "counted_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "search_statistics_pkey" PRIMARY KEY ("version")
);
