import { waveMoved, WaveId } from '@volna/events';

import type { Deps } from '../context.ts';
import { extendWave } from './extend-wave.ts';
import { WAVE_TRANSACTION } from './start-wave.ts';
import { lockWave, removeItems } from './wave-session.ts';

/** Takes a track that is gone, or an album that it is on, out of the queues that hold it. */
export async function dropFromWaves(deps: Deps, trackId: string): Promise<void> {
  const albums = await deps.db.albumTracks.findMany({
    where: { trackIds: { has: trackId } },
    select: { albumId: true },
  });
  const isGone = {
    state: 'QUEUED',
    OR: [{ trackId }, { albumId: { in: albums.map(({ albumId }) => albumId) } }],
  };
  const queued = await deps.db.waveItem.findMany({ where: isGone, distinct: ['waveId'] });
  for (const { waveId } of queued) {
    // oxlint-disable-next-line no-await-in-loop -- one wave locked at a time
    await deps.db.$transaction(async (tx) => {
      const session = await lockWave(tx, waveId);
      const items = await tx.waveItem.findMany({ where: { ...isGone, waveId } });
      if (!session || items.length === 0) return;
      const seqs = items.map(({ seq }) => seq);
      await extendWave(deps, await removeItems(session, seqs, { kind: 'GONE' }));
    }, WAVE_TRANSACTION);
    deps.bus.signal(waveMoved, { waveId: WaveId.parse(waveId) });
  }
}
