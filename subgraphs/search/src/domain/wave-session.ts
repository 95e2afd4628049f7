import type { Transaction } from '../database.ts';
import type { Wave, WaveItem } from '../generated/prisma/client.ts';
import { explainNews } from '../wave/explain-news.ts';
import type { WaveNews } from '../wave/news.ts';
import { WaveState } from '../wave/state.ts';
import { rebuildState } from './rebuild-state.ts';

export type ItemState = 'QUEUED' | 'STARTED' | 'FINISHED' | 'SKIPPED' | 'PASSED' | 'REMOVED';

/** A wave whose row this transaction has locked: one change at a time. */
export interface WaveSession {
  readonly tx: Transaction;
  readonly wave: Wave;
  readonly state: WaveState;
}

/** Null for a wave that is not there or not this user's. A state that was lost is made again from what was told. */
export async function lockWave(
  tx: Transaction,
  waveId: string,
  userId?: string,
): Promise<WaveSession | null> {
  await tx.$queryRaw`SELECT id FROM wave WHERE id = ${waveId} FOR UPDATE`;
  const wave = await tx.wave.findUnique({ where: { id: waveId, ...(userId !== undefined && { userId }) } });
  if (!wave) return null;
  const known = WaveState.safeParse(wave.state);
  return { tx, wave, state: known.success ? known.data : await rebuildState(tx, wave) };
}

/** Takes every item that is not played yet out of the queue, and says why; gives those that were to be next. */
export async function clearQueue(
  session: WaveSession,
  news: WaveNews,
): Promise<{ session: WaveSession; cleared: WaveItem[] }> {
  const { tx, wave } = session;
  const cleared = await tx.waveItem.findMany({
    where: { waveId: wave.id, state: 'QUEUED' },
    orderBy: { seq: 'asc' },
  });
  if (cleared.length === 0) return { session, cleared };
  const seqs = cleared.map(({ seq }) => seq);
  return { session: await removeItems(session, seqs, news), cleared };
}

export async function removeItems(
  session: WaveSession,
  seqs: number[],
  news: WaveNews,
): Promise<WaveSession> {
  const { tx, wave } = session;
  await tx.waveItem.updateMany({ where: { waveId: wave.id, seq: { in: seqs } }, data: { state: 'REMOVED' } });
  return log(session, 'RETUNED', seqs, news);
}

/** Adds a line to what is told of a wave. */
export async function log(
  session: WaveSession,
  kind: 'ITEMS' | 'RETUNED' | 'ENDED',
  seqs: number[],
  news?: WaveNews,
): Promise<WaveSession> {
  const { tx, wave } = session;
  const n = wave.logLength + 1;
  const said = news && { why: explainNews(news), told: news };
  await tx.waveLog.create({ data: { waveId: wave.id, n, kind, seqs, ...said } });
  return { ...session, wave: { ...wave, logLength: n } };
}
