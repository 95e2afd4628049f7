import type { PersonalData } from '@volna/platform/personal-data';

/** What playback keeps of a person. */
export const personalData: PersonalData = {
  service: 'playback',
  tables: [
    { table: 'listening', where: 'user_id = $1' },
    { table: 'private_listening', where: 'user_id = $1' },
    { table: 'listener', where: 'user_id = $1' },
    { table: 'counted_report', where: 'user_id = $1' },
    {
      table: 'player',
      where: 'owner_id = $1 OR owner_id IN (SELECT id FROM room WHERE host_id = $1)',
    },
    // a room ends with its host, and what it played with it
    { table: 'room', where: 'host_id = $1' },
    { table: 'room_member', where: 'user_id = $1' },
    {
      table: 'playable_track',
      where: 'owner_id = $1',
      omit: ['hls_prefix', 'original_key'],
      // stays as a note that the track is gone, so that nothing which comes late opens it again
      scrub: `deleted = true, is_open = false, access_at = now(), hls_prefix = NULL, renditions = NULL, original_key = NULL,
        original_name = NULL, original_bytes = NULL, duration_ms = NULL`,
    },
  ],
};
