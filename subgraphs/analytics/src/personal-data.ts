import type { PersonalData } from '@volna/platform/personal-data';
import type { Pool } from 'pg';

import { rollListenings } from './rollups/roll-listenings.ts';

/**
 * What analytics keeps of a person. Sums that name nobody stay: those of tracks, of days and of the platform hold what
 * the person heard, and nothing says whose it was.
 */
export function createPersonalData(pool: Pool): PersonalData {
  return {
    service: 'analytics',
    tables: [
      { table: 'play_event', where: 'user_id = $1' },
      { table: 'listening', where: 'user_id = $1', omit: INTERNAL },
      { table: 'search_event', where: 'user_id = $1' },
      { table: 'search_click', where: 'user_id = $1' },
      { table: 'operation_event', where: 'user_id = $1' },
      { table: 'user_track_day', where: 'user_id = $1' },
      { table: 'user_day', where: 'user_id = $1' },
      { table: 'private_listener', where: 'user_id = $1' },
      // notes that the things are gone, so that nothing which comes late brings them back
      { table: 'known_track', where: 'owner_id = $1', scrub: 'deleted = true, is_open = false' },
      { table: 'known_artist', where: 'owner_id = $1', scrub: 'deleted = true' },
    ],
    // what is not in the sums yet would be lost with its rows
    async eraseElsewhere() {
      await rollListenings(pool);
      return {};
    },
  };
}

const INTERNAL = [
  'dirty',
  'rolled_ms',
  'rolled_heard_ms',
  'rolled_play',
  'rolled_finished',
  'rolled_skipped',
];
