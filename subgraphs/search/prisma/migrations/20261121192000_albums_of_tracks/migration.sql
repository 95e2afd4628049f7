-- The albums that a track is on stand in its row: a wave reads those of a thousand tracks at once.
ALTER TABLE "indexed_track" ADD COLUMN "album_ids" TEXT[] DEFAULT ARRAY[]::TEXT[];

UPDATE "indexed_track" t SET "album_ids" = a.ids
FROM (
  SELECT track_id, array_agg(album_id ORDER BY album_id) AS ids
  FROM "album_tracks" CROSS JOIN LATERAL (SELECT DISTINCT unnest("track_ids") AS track_id) u
  GROUP BY track_id
) a
WHERE t."id" = a.track_id;

CREATE FUNCTION "note_albums_of_track"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.album_ids := ARRAY(
    SELECT a.album_id FROM album_tracks a WHERE a.track_ids @> ARRAY[NEW.id] ORDER BY a.album_id);
  RETURN NEW;
END $$;

CREATE TRIGGER "indexed_track_albums" BEFORE INSERT ON "indexed_track"
FOR EACH ROW EXECUTE FUNCTION "note_albums_of_track"();

CREATE FUNCTION "note_tracks_of_album"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  before TEXT[] := '{}';
  after TEXT[] := '{}';
BEGIN
  IF TG_OP <> 'INSERT' THEN before := OLD.track_ids; END IF;
  IF TG_OP <> 'DELETE' THEN after := NEW.track_ids; END IF;
  UPDATE indexed_track t SET album_ids = array_remove(t.album_ids, OLD.album_id)
  WHERE t.id = ANY (before) AND t.id <> ALL (after);
  UPDATE indexed_track t SET album_ids = ARRAY(
    SELECT id FROM unnest(array_append(t.album_ids, NEW.album_id)) AS known(id) ORDER BY id)
  WHERE t.id = ANY (after) AND t.id <> ALL (before);
  RETURN NULL;
END $$;

CREATE TRIGGER "album_tracks_noted" AFTER INSERT OR UPDATE OF "track_ids" OR DELETE ON "album_tracks"
FOR EACH ROW EXECUTE FUNCTION "note_tracks_of_album"();
