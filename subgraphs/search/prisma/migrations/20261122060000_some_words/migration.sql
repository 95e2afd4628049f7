-- Some of the texts that have most of a query's words, and some of those that have the least of them that is enough; where
-- there are none of either, some that have what is like one of them. A function, because to plan this anew takes longer
-- than to run it, and a function keeps its plan.
CREATE FUNCTION search_some(many TSQUERY, few TSQUERY, alike TSQUERY, depth INTEGER)
RETURNS SETOF TEXT
LANGUAGE plpgsql STABLE ROWS 100
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  serving CONSTANT INTEGER := (SELECT v.version FROM search_version v WHERE v.state = 'SERVING');
  found INTEGER;
BEGIN
  RETURN QUERY
    (SELECT s.id FROM search_text s WHERE s.version = serving AND s.document @@ many LIMIT depth)
    UNION (SELECT s.id FROM search_text s WHERE s.version = serving AND s.document @@ few LIMIT depth);
  GET DIAGNOSTICS found = ROW_COUNT;
  IF found = 0 AND alike IS NOT NULL THEN
    RETURN QUERY SELECT s.id FROM search_text s WHERE s.version = serving AND s.document @@ alike LIMIT depth;
  END IF;
END
$$;
