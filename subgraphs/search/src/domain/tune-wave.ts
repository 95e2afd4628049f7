import { randomUUID } from 'node:crypto';

import { waveMoved, WaveId } from '@volna/events';
import { UserError } from '@volna/platform/errors';

import type { Deps } from '../context.ts';
import { noteTuning } from '../wave/explain-news.ts';
import { learn } from '../wave/fold-session.ts';
import type { WaveNews } from '../wave/news.ts';
import type { WaveWishes } from '../wave/state.ts';
import { extendWave } from './extend-wave.ts';
import { WAVE_TRANSACTION } from './start-wave.ts';
import { tellWave } from './tell-wave.ts';
import { clearQueue, lockWave, type WaveSession } from './wave-session.ts';
import { checkWishes, readSettings } from './wave-settings.ts';

/** Changes what a wave is asked for: what plays goes on, what waits is picked anew. What is left out stays. */
export async function tuneWave(
  deps: Deps,
  userId: string,
  waveId: string,
  changes: Partial<WaveWishes>,
): Promise<{ id: string }> {
  checkWishes(changes);
  return changeWave(deps, userId, waveId, async (session) => {
    const { tx, wave, state } = session;
    const before = readSettings(wave);
    const { languages, ...others } = changes;
    const data = { ...others, ...(languages && { languages: [...languages] }) };
    // a wave that had nothing to play may have something now
    const tuned = await tx.wave.update({ where: { id: waveId }, data: { ...data, isEnded: false } });
    const event = {
      waveId,
      clientEventId: randomUUID(),
      seq: wave.nextSeq,
      type: 'TUNED',
      positionMs: null,
    } as const;
    await tellWave(tx, { ...event, data });
    const news = noteTuning(before, readSettings(tuned));
    return { session: { tx, wave: tuned, state: learn(state, toEvent(event), () => null) }, news };
  });
}

/** Drops all that waits unheard; the next picks try more than the wave is asked to. */
export function shakeWave(deps: Deps, userId: string, waveId: string): Promise<{ id: string }> {
  return changeWave(deps, userId, waveId, async (session) => {
    const { tx, wave, state } = session;
    const queued = await tx.waveItem.findMany({
      where: { waveId, state: 'QUEUED' },
      orderBy: { seq: 'asc' },
    });
    const dropped = queued.map(({ trackId }) => trackId);
    const event = {
      waveId,
      clientEventId: randomUUID(),
      seq: wave.nextSeq,
      type: 'SHAKEN',
      positionMs: null,
    } as const;
    await tellWave(tx, { ...event, data: { dropped } });
    const shaken = learn(state, { ...toEvent(event), dropped }, () => null);
    return { session: { tx, wave, state: shaken }, news: { kind: 'SHAKEN' } };
  });
}

interface Change {
  readonly session: WaveSession;
  readonly news: WaveNews;
}

async function changeWave(
  deps: Deps,
  userId: string,
  waveId: string,
  change: (session: WaveSession) => Promise<Change>,
): Promise<{ id: string }> {
  const id = WaveId.safeParse(waveId);
  if (!id.success) throw new UserError('NOT_FOUND', 'there is no such wave', ['waveId']);
  await deps.db.$transaction(async (tx) => {
    const session = await lockWave(tx, waveId, userId);
    if (!session) throw new UserError('NOT_FOUND', 'there is no such wave', ['waveId']);
    const changed = await change(session);
    const { session: emptied } = await clearQueue(changed.session, changed.news);
    await extendWave(deps, emptied);
  }, WAVE_TRANSACTION);
  deps.bus.signal(waveMoved, { waveId: id.data });
  return { id: waveId };
}

const toEvent = ({ type, seq }: { type: 'TUNED' | 'SHAKEN'; seq: number }) => ({
  type,
  seq,
  positionMs: null,
  durationMs: null,
  heard: null,
  wasOver: false,
  dropped: [],
});
