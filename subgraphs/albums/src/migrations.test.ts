import { cp } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from '@jest/globals';
import { withClient } from '@volna/platform/database';
import { migrate } from '@volna/platform/migrate';
import { openScratch } from '@volna/platform/scratch';
import { openTestDatabase } from '@volna/platform/testing/database';

const MIGRATIONS = join(import.meta.dirname, '../prisma/migrations');
const FIRST = '20261121000000_albums';

it('takes along what the first release has kept', async () => {
  await using scratch = await openScratch();
  const older = scratch.path('migrations');
  for (const part of [FIRST, 'migration_lock.toml'])
    await cp(join(MIGRATIONS, part), join(older, part), { recursive: true });
  await using database = await openTestDatabase(older);
  await withClient(database.url, (client) =>
    client.query(`
      INSERT INTO album (id, artist_id, owner_id, title, type, release_date, created_at) VALUES
        ('alb_1', 'art_1', 'usr_1', 'Dated', 'EP', '2024-05', '2026-01-02Z'),
        ('alb_2', 'art_1', 'usr_1', 'Undated', 'EP', NULL, '2026-01-02Z');
      INSERT INTO album_track (album_id, track_id, position) VALUES
        ('alb_1', 'trk_b', 7), ('alb_1', 'trk_a', 2), ('alb_2', 'trk_a', 0);
      INSERT INTO playlist (id, owner_id, title, visibility) VALUES ('pls_1', 'usr_2', 'Mine', 'PRIVATE');
      INSERT INTO playlist_item (id, playlist_id, track_id, position) VALUES ('pli_1', 'pls_1', 'trk_a', 'a0')`),
  );
  await migrate(database.url, MIGRATIONS);
  await withClient(database.url, async (client) => {
    const read = async (sql: string) => (await client.query<Record<string, unknown>>(sql)).rows;
    expect(await read('SELECT id, sort_date, status, version FROM album ORDER BY id')).toEqual([
      { id: 'alb_1', sort_date: '2024-05', status: 'RELEASED', version: 1 },
      { id: 'alb_2', sort_date: '2026-01-02', status: 'RELEASED', version: 1 },
    ]);
    expect(await read('SELECT album_id, track_id, disc, position FROM album_track ORDER BY 1, 4')).toEqual([
      { album_id: 'alb_1', track_id: 'trk_a', disc: 1, position: 0 },
      { album_id: 'alb_1', track_id: 'trk_b', disc: 1, position: 1 },
      { album_id: 'alb_2', track_id: 'trk_a', disc: 1, position: 0 },
    ]);
    expect(await read('SELECT album_id, artist_id, role FROM album_artist ORDER BY 1')).toEqual([
      { album_id: 'alb_1', artist_id: 'art_1', role: 'MAIN' },
      { album_id: 'alb_2', artist_id: 'art_1', role: 'MAIN' },
    ]);
    expect(await read('SELECT added_by FROM playlist_item')).toEqual([{ added_by: 'usr_2' }]);
    expect(await read('SELECT seq, smart FROM playlist')).toEqual([{ seq: 0, smart: null }]);
  });
});
