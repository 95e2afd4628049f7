import type { PersonalData } from '@volna/platform/personal-data';

/** What albums keeps of a person. The tracks leave other people's playlists as `catalog.track.deleted` comes. */
export const personalData: PersonalData = {
  service: 'albums',
  tables: [
    { table: 'reaction', where: 'user_id = $1' },
    { table: 'playlist_item', where: 'playlist_id IN (SELECT id FROM playlist WHERE owner_id = $1)' },
    { table: 'playlist', where: 'owner_id = $1' },
    { table: 'album_track', where: 'album_id IN (SELECT id FROM album WHERE owner_id = $1)' },
    { table: 'album', where: 'owner_id = $1' },
    { table: 'artist_ref', where: 'owner_id = $1' },
    // stays as a note that the track is gone, so that nothing which comes late brings it back
    { table: 'track_ref', where: 'owner_id = $1', scrub: `deleted = true, published = false, cover = '[]'` },
  ],
};
