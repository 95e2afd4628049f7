-- A wave looks a thousand tracks up, one by one: a list of entries that are not in the index yet would be read each time.
ALTER INDEX "album_tracks_track_ids_idx" SET (fastupdate = off);
SELECT gin_clean_pending_list('album_tracks_track_ids_idx');
