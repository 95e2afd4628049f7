import { waveMoved, WaveId } from '@volna/events';

import type { Deps } from '../context.ts';
import type { Database, Transaction } from '../database.ts';
import { extendWave } from '../domain/extend-wave.ts';
import { WAVE_TRANSACTION } from '../domain/start-wave.ts';
import { lockWave, removeItems } from '../domain/wave-session.ts';
import { withoutBlocked } from '../domain/without-blocked.ts';

/** Takes what is by an artist out of the queues of a listener who has blocked them. */
export async function dropArtistFromWaves(deps: Deps, userId: string, artistId: string): Promise<void> {
  const queued = await readQueued(deps.db, userId, artistId);
  for (const waveId of new Set(queued.map((item) => item.waveId))) {
    // oxlint-disable-next-line no-await-in-loop -- one wave locked at a time
    await deps.db.$transaction(async (tx) => {
      const session = await lockWave(tx, waveId, userId);
      const items = await readQueued(tx, userId, artistId);
      const seqs = items.filter((item) => item.waveId === waveId).map(({ seq }) => seq);
      if (!session || seqs.length === 0) return;
      const news = { kind: 'BLOCK_ARTIST', artistId, artistName: null } as const;
      const state = await withoutBlocked(tx, userId, session.state);
      await extendWave(deps, await removeItems({ ...session, state }, seqs, news));
    }, WAVE_TRANSACTION);
    deps.bus.signal(waveMoved, { waveId: WaveId.parse(waveId) });
  }
}

function readQueued(
  db: Database | Transaction,
  userId: string,
  artistId: string,
): Promise<{ waveId: string; seq: number }[]> {
  return db.$queryRaw`
    SELECT i.wave_id AS "waveId", i.seq FROM wave w JOIN wave_item i ON i.wave_id = w.id
    JOIN indexed_track t ON t.id = i.track_id
    WHERE w.user_id = ${userId} AND NOT w.is_ended AND i.state = 'QUEUED' AND t.artist_id = ${artistId}
    ORDER BY i.seq`;
}
