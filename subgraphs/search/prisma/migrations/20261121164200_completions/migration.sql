-- The most popular of the keys that some text is the beginning of, for each of some texts. Of a common beginning they are
-- among the most popular of its first three characters, of a rare one there are few: neither has to be sorted whole.
-- A function, because to plan this anew takes many times as long as to run it, and a function keeps its plan; for that
-- the beginning is a range of keys, and no pattern.
CREATE FUNCTION search_completions(typed TEXT[], depth INTEGER)
RETURNS TABLE (id TEXT, popularity INTEGER)
LANGUAGE plpgsql STABLE ROWS 40
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  serving CONSTANT INTEGER := (SELECT v.version FROM search_version v WHERE v.state = 'SERVING');
  popular CONSTANT INTEGER := 1000;
  beginning TEXT;
  looked INTEGER;
  found INTEGER;
BEGIN
  FOREACH beginning IN ARRAY typed LOOP
    RETURN QUERY
      SELECT p.id, p.popularity::int FROM (
        SELECT k.id, k.key, k.popularity FROM search_prefix k
        WHERE k.version = serving AND k.head = left(beginning, 3)
        ORDER BY k.popularity DESC LIMIT popular
      ) p WHERE starts_with(p.key, beginning) LIMIT depth;
    GET DIAGNOSTICS found = ROW_COUNT;
    CONTINUE WHEN found >= depth;
    SELECT count(*) INTO looked FROM (
      SELECT FROM search_prefix k WHERE k.version = serving AND k.head = left(beginning, 3) LIMIT popular) heads;
    CONTINUE WHEN looked < popular;
    RETURN QUERY
      SELECT k.id, k.popularity::int FROM search_prefix k
      WHERE k.version = serving AND k.key ~>=~ beginning AND k.key ~<~ (beginning || chr(1114111))
      ORDER BY k.popularity DESC LIMIT depth;
  END LOOP;
END
$$;
