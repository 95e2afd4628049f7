import type { Objects } from '@volna/platform/objects';
import type { PersonalData } from '@volna/platform/personal-data';

import { exportsFolder } from './files/export-playlist.ts';

const OWN_PLAYLISTS = 'playlist_id IN (SELECT id FROM playlist WHERE owner_id = $1)';
const OWN_ALBUMS = 'album_id IN (SELECT id FROM album WHERE owner_id = $1)';

/** What albums keeps of a person. The tracks leave other people's playlists as `catalog.track.deleted` comes. */
export function createPersonalData(objects: Objects): PersonalData {
  return {
    service: 'albums',
    tables: [
      { table: 'reaction', where: 'user_id = $1' },
      { table: 'listen', where: 'user_id = $1' },
      { table: 'filed_playlist', where: 'user_id = $1' },
      { table: 'playlist_folder', where: 'owner_id = $1' },
      { table: 'playlist_follow', where: 'user_id = $1' },
      { table: 'playlist_member', where: 'user_id = $1' },
      { table: 'playlist_invite', where: OWN_PLAYLISTS, omit: ['token_hash'] },
      { table: 'playlist_item', where: OWN_PLAYLISTS },
      { table: 'playlist_change', where: OWN_PLAYLISTS },
      { table: 'playlist', where: 'owner_id = $1' },
      // others' playlists keep what the person put there, without saying who
      { table: 'playlist_item', where: 'added_by = $1', scrub: 'added_by = NULL' },
      { table: 'playlist_change', where: 'actor_id = $1', scrub: 'actor_id = NULL' },
      { table: 'album_track', where: OWN_ALBUMS },
      { table: 'album_artist', where: OWN_ALBUMS },
      { table: 'album', where: 'owner_id = $1' },
      { table: 'imported_track', where: 'owner_id = $1', omit: ['import_key'] },
      { table: 'artist_ref', where: 'owner_id = $1' },
      // stays as a note that the track is gone, so that nothing which comes late brings it back
      {
        table: 'track_ref',
        where: 'owner_id = $1',
        scrub: `deleted = true, is_open = false, merged_into_id = NULL, cover = '[]', title = '', title_key = '',
          artist_id = NULL, artist_name = '', artist_key = '', artist_ids = '{}', artist_keys = '{}',
          genre_keys = '{}'`,
      },
    ],
    async eraseElsewhere(userId) {
      const keys = await objects.list(`${exportsFolder(userId)}/`);
      await objects.delete(keys);
      return { exportedPlaylists: keys.length };
    },
  };
}
