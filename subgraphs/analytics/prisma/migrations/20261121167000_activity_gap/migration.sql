-- how many people were active on a day, by how many days they had not been before; 0 for never
CREATE TABLE "activity_gap" (
  "day" DATE NOT NULL,
  "gap" INTEGER NOT NULL,
  "people" INTEGER NOT NULL,
  CONSTRAINT "activity_gap_pkey" PRIMARY KEY ("day", "gap")
);

INSERT INTO "activity_gap" ("day", "gap", "people")
SELECT "day", coalesce("day" - "before", 0), count(*)
FROM (SELECT "day", lag("day") OVER (PARTITION BY "user_id" ORDER BY "day") AS "before" FROM "user_day" WHERE "starts" > 0) AS "active"
GROUP BY 1, 2;
