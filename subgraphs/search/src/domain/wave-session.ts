import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import type { Wave, WaveItem } from '../generated/prisma/client.ts';
import { decodeVector } from '../ranking/vector.ts';
import { type PastPick, planPicks } from '../wave/plan-picks.ts';
import { type Activity, type Familiarity, type Mood, type WavePick, WaveState } from '../wave/state.ts';
import { readLibrary } from './read-library.ts';

/** Items that are ready to be played, and how few of them make more be picked. */
const BUFFER = 5;
const LOW = 2;
/** How far back a wave remembers what it played. */
const MEMORY = 300;

export type ItemState = 'QUEUED' | 'STARTED' | 'FINISHED' | 'SKIPPED' | 'PASSED' | 'REMOVED';

/** A wave whose row this transaction has locked: one change at a time. */
export interface WaveSession {
  readonly tx: Transaction;
  readonly wave: Wave;
  readonly state: WaveState;
}

/** Null for a wave that is not there or not this user's. */
export async function lockWave(
  tx: Transaction,
  waveId: string,
  userId?: string,
): Promise<WaveSession | null> {
  await tx.$queryRaw`SELECT id FROM wave WHERE id = ${waveId} FOR UPDATE`;
  const wave = await tx.wave.findUnique({ where: { id: waveId, ...(userId !== undefined && { userId }) } });
  return wave && { tx, wave, state: WaveState.parse(wave.state) };
}

/** Takes every item that is not played yet out of the queue, and says why; gives the one that was to be next. */
export async function clearQueue(
  session: WaveSession,
  why: string,
): Promise<WaveSession & { next: WaveItem | null }> {
  const { tx, wave } = session;
  const queued = await tx.waveItem.findMany({
    where: { waveId: wave.id, state: 'QUEUED' },
    orderBy: { seq: 'asc' },
  });
  if (queued.length === 0) return { ...session, next: null };
  return {
    ...(await removeItems(
      session,
      queued.map(({ seq }) => seq),
      why,
    )),
    next: queued[0] ?? null,
  };
}

export async function removeItems(session: WaveSession, seqs: number[], why: string): Promise<WaveSession> {
  const { tx, wave } = session;
  await tx.waveItem.updateMany({ where: { waveId: wave.id, seq: { in: seqs } }, data: { state: 'REMOVED' } });
  return log(session, 'RETUNED', seqs, why);
}

/**
 * Picks more where few items are ready, and keeps what the session has learned. Call it last: it writes the
 * wave's row. A wave ends only where nothing in the library may be played.
 */
export async function extendWave(
  deps: Pick<Deps, 'vectors'>,
  session: WaveSession,
  avoid: string | null = null,
): Promise<void> {
  const { tx, wave } = session;
  const queued = await tx.waveItem.count({ where: { waveId: wave.id, state: 'QUEUED' } });
  let extended = session;
  if (queued <= LOW && !wave.isEnded) {
    const picks = await pickMore(deps, session, BUFFER - queued, avoid);
    if (picks.length > 0) extended = await addItems(session, picks);
    else if (queued === 0) extended = await end(session);
  }
  const { state, wave: changed } = extended;
  const { nextSeq, logLength, isEnded } = changed;
  await tx.wave.update({ where: { id: wave.id }, data: { state, nextSeq, logLength, isEnded } });
}

async function pickMore(
  deps: Pick<Deps, 'vectors'>,
  { tx, wave, state }: WaveSession,
  count: number,
  avoid: string | null,
): Promise<WavePick[]> {
  const { userId, randomSeed, exploration, nextSeq, seed } = wave;
  const [mood, activity] = [wave.mood as Mood, wave.activity as Activity];
  const familiarity = wave.familiarity as Familiarity;
  const { past, sinceSkip } = await readPast(tx, wave.id);
  return planPicks({
    ...(await readLibrary(deps, tx, userId, state.anchors, randomSeed)),
    settings: { mood, activity, familiarity, exploration, randomSeed },
    seed: seed === null ? null : { id: seed, title: state.seedTitle ?? '' },
    penalties: state.penalties,
    notNow: state.notNow,
    past,
    sinceSkip,
    firstSeq: nextSeq,
    count,
    avoid,
    now: new Date(),
  });
}

async function readPast(tx: Transaction, waveId: string): Promise<{ past: PastPick[]; sinceSkip: number }> {
  const rows = await tx.$queryRaw<
    (Omit<PastPick, 'vector'> & { state: ItemState; embedding: Uint8Array | null })[]
  >`
    SELECT i.track_id AS "trackId", t.artist_id AS "artistId", t.recording_key AS "recordingKey",
      i.exploratory, i.state, t.embedding
    FROM wave_item i JOIN indexed_track t ON t.id = i.track_id
    WHERE i.wave_id = ${waveId} AND i.state <> 'REMOVED'
    ORDER BY i.seq DESC LIMIT ${MEMORY}`;
  const lastSkip = rows.findIndex(({ state }) => state === 'SKIPPED');
  const past = rows.map(({ embedding, state: _state, ...row }) => ({
    ...row,
    vector: embedding && decodeVector(embedding),
  }));
  return { past: past.toReversed(), sinceSkip: lastSkip < 0 ? Infinity : lastSkip };
}

async function addItems(session: WaveSession, picks: readonly WavePick[]): Promise<WaveSession> {
  const { tx, wave } = session;
  const items = picks.map((pick, index) => ({ ...pick, waveId: wave.id, seq: wave.nextSeq + index }));
  await tx.waveItem.createMany({ data: items });
  const logged = await log(
    session,
    'ITEMS',
    items.map(({ seq }) => seq),
  );
  return { ...logged, wave: { ...logged.wave, nextSeq: wave.nextSeq + items.length } };
}

async function end(session: WaveSession): Promise<WaveSession> {
  const ended = await log(session, 'ENDED', [], 'Nothing in the library may be played.');
  return { ...ended, wave: { ...ended.wave, isEnded: true } };
}

async function log(session: WaveSession, kind: string, seqs: number[], why?: string): Promise<WaveSession> {
  const { tx, wave } = session;
  const n = wave.logLength + 1;
  await tx.waveLog.create({ data: { waveId: wave.id, n, kind, seqs, why: why ?? null } });
  return { ...session, wave: { ...wave, logLength: n } };
}
