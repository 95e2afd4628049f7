-- Curves of whole months: who asks for a year reads twelve and a few days. A trigger adds them up, so that they are right
-- whichever release writes the days.
CREATE TABLE "track_curve_month" (
  "track_id" TEXT NOT NULL,
  "month" DATE NOT NULL,
  "second" INTEGER NOT NULL,
  "ends" INTEGER NOT NULL,
  "skips" INTEGER NOT NULL,
  CONSTRAINT "track_curve_month_pkey" PRIMARY KEY ("track_id", "month", "second")
);

CREATE FUNCTION "add_curves_to_months"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO track_curve_month AS m (track_id, month, second, ends, skips)
    SELECT track_id, date_trunc('month', day::timestamp)::date, second, sum(ends), sum(skips)
    FROM added GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (track_id, month, second) DO UPDATE SET ends = m.ends + excluded.ends, skips = m.skips + excluded.skips;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO track_curve_month AS m (track_id, month, second, ends, skips)
    SELECT track_id, date_trunc('month', day::timestamp)::date, second, sum(ends), sum(skips)
    FROM (
      SELECT track_id, day, second, ends, skips FROM added
      UNION ALL
      SELECT track_id, day, second, -ends, -skips FROM taken
    ) AS changed
    GROUP BY 1, 2, 3 HAVING sum(ends) <> 0 OR sum(skips) <> 0 ORDER BY 1, 2, 3
    ON CONFLICT (track_id, month, second) DO UPDATE SET ends = m.ends + excluded.ends, skips = m.skips + excluded.skips;
  ELSE
    UPDATE track_curve_month m SET ends = m.ends - t.ends, skips = m.skips - t.skips
    FROM (
      SELECT track_id, date_trunc('month', day::timestamp)::date AS month, second, sum(ends) AS ends, sum(skips) AS skips
      FROM taken GROUP BY 1, 2, 3
    ) t WHERE (m.track_id, m.month, m.second) = (t.track_id, t.month, t.second);
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER "track_curve_added" AFTER INSERT ON "track_curve"
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION "add_curves_to_months"();
CREATE TRIGGER "track_curve_changed" AFTER UPDATE ON "track_curve"
REFERENCING OLD TABLE AS taken NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION "add_curves_to_months"();
CREATE TRIGGER "track_curve_taken" AFTER DELETE ON "track_curve"
REFERENCING OLD TABLE AS taken FOR EACH STATEMENT EXECUTE FUNCTION "add_curves_to_months"();

-- the triggers keep writers away until this ends
INSERT INTO "track_curve_month" ("track_id", "month", "second", "ends", "skips")
SELECT "track_id", date_trunc('month', "day"::timestamp)::date, "second", sum("ends"), sum("skips")
FROM "track_curve" GROUP BY 1, 2, 3;

-- who has played a track is counted in the index alone
CREATE INDEX IF NOT EXISTS "user_track_day_listeners" ON "user_track_day" ("track_id", "day", "user_id") WHERE "plays" > 0;
DROP INDEX IF EXISTS "user_track_day_track_id_day_user_id_idx";
