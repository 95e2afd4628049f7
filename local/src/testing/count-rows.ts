import { withClient } from '@volna/platform/database';
import { findPostgres } from '@volna/platform/embedded/postgres';

import { nameOfDatabase, postgresFolder } from '../backends/open-databases.ts';
import type { ServiceName } from '../backends/options.ts';

/** Tables whose rows neither come nor go by themselves. */
export const COUNTED: Partial<Record<ServiceName, readonly string[]>> = {
  users: ['user', 'session', 'refresh_token', 'signing_key'],
  catalog: ['artist', 'track', 'upload'],
  albums: ['playlist', 'playlist_item'],
  playback: ['playable_track', 'listening', 'counted_report'],
};

/** How many rows the tables of each service have, of the Volna that runs on a folder. */
export async function countRows(data: string): Promise<Partial<Record<ServiceName, Record<string, number>>>> {
  const urlOf = await findPostgres(postgresFolder(data));
  if (!urlOf) throw new Error('no database runs');
  const counts: Partial<Record<ServiceName, Record<string, number>>> = {};
  for (const [service, tables] of Object.entries(COUNTED)) {
    const found: Record<string, number> = {};
    await withClient(urlOf(nameOfDatabase(service as ServiceName)), async (client) => {
      for (const table of tables) {
        const { rows } = await client.query<{ count: number }>(
          `SELECT count(*)::int AS count FROM "${table}"`,
        );
        found[table] = rows[0]?.count ?? -1;
      }
    });
    counts[service as ServiceName] = found;
  }
  return counts;
}
