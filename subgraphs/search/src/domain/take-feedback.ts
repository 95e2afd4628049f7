import { TrackId, type UserId, waveMoved, WaveId, waveReacted } from '@volna/events';
import { UserError } from '@volna/platform/errors';
import { readOccurredAt } from '@volna/platform/occurred-at';
import { outboxRow } from '@volna/platform/outbox';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import type { IndexedTrack, WaveItem } from '../generated/prisma/client.ts';
import { Decision } from '../wave/decision.ts';
import { noteTurnedDown } from '../wave/explain-news.ts';
import type { FeedbackType } from '../wave/fold-session.ts';
import { signalOfSkip } from '../wave/signals.ts';
import { extendWave } from './extend-wave.ts';
import { learnFeedback } from './learn-feedback.ts';
import { noteListen } from './note-playback.ts';
import { listensPrivately } from './note-private.ts';
import { noteReaction } from './note-reaction.ts';
import { noteSignals } from './note-signal.ts';
import { WAVE_TRANSACTION } from './start-wave.ts';
import { tellWave } from './tell-wave.ts';
import { isOver, wasTold } from './was-told.ts';
import { clearQueue, type ItemState, lockWave, type WaveSession } from './wave-session.ts';

export interface Feedback {
  readonly waveId: string;
  readonly batchId: string | null;
  readonly seq: number;
  readonly clientEventId: string;
  readonly type: FeedbackType;
  readonly positionMs: number | null;
  /** When it happened, as the player says; now where it says nothing. */
  readonly occurredAt: Date | null;
}

/** What has to be known of a track that a listener reacts to. */
const REACTED = {
  id: true,
  artistId: true,
  artistName: true,
  title: true,
  durationMs: true,
  embedding: true,
} as const;
export type ReactedTrack = Pick<IndexedTrack, keyof typeof REACTED>;

const MAX_EVENT_ID = 200;
/** What becomes of the item; a reaction alone changes nothing about it. */
const ITEM_STATES: Readonly<Record<FeedbackType, ItemState | null>> = {
  STARTED: 'STARTED',
  FINISHED: 'FINISHED',
  REPLAYED: null,
  SKIPPED: 'SKIPPED',
  LIKED: null,
  DISLIKED: 'SKIPPED',
  BLOCK_ARTIST: 'SKIPPED',
  NOT_NOW: 'SKIPPED',
};

/** Learns what became of an item. What is not played yet is picked anew when the listener turned one down. */
export async function takeFeedback(deps: Deps, userId: UserId, feedback: Feedback): Promise<void> {
  const waveId = WaveId.safeParse(feedback.waveId);
  if (!waveId.success) throw new UserError('NOT_FOUND', 'there is no such wave', ['waveId']);
  const { length } = feedback.clientEventId;
  if (length < 1 || length > MAX_EVENT_ID) {
    throw new UserError('BAD_USER_INPUT', `an event id has 1 to ${MAX_EVENT_ID} characters`, [
      'clientEventId',
    ]);
  }
  if ((feedback.positionMs ?? 0) < 0) {
    throw new UserError('BAD_USER_INPUT', 'a position is not before the beginning', ['positionMs']);
  }
  const told = { ...feedback, occurredAt: feedback.occurredAt && readOccurredAt(feedback.occurredAt) };
  const isNews = await deps.db.$transaction((tx) => apply(deps, tx, userId, told), WAVE_TRANSACTION);
  if (!isNews) return;
  deps.wakeRelay();
  deps.bus.signal(waveMoved, { waveId: waveId.data });
}

/** Gives false for an event that was counted before. */
async function apply(deps: Deps, tx: Transaction, userId: UserId, feedback: Feedback): Promise<boolean> {
  const { waveId, seq, type } = feedback;
  const session = await lockWave(tx, waveId, userId);
  if (!session) throw new UserError('NOT_FOUND', 'there is no such wave', ['waveId']);
  const item = await tx.waveItem.findUnique({ where: { waveId_seq: { waveId, seq } } });
  if (!item) throw new UserError('NOT_FOUND', 'the wave has no such item', ['seq']);
  if (feedback.batchId !== null && feedback.batchId !== String(item.batch)) {
    throw new UserError('NOT_FOUND', 'the item is of another batch', ['batchId']);
  }
  const track = await tx.indexedTrack.findUnique({ where: { id: item.trackId }, select: REACTED });
  if (await wasTold(tx, userId, item, track?.artistId ?? null, type)) return false;
  if (!(await tellWave(tx, feedback))) return false;

  await moveItem(tx, item, type);
  const isSecret = await listensPrivately(tx, userId);
  if (track) await noteTaste(tx, userId, track, feedback, isSecret);
  const learned = track ? await learnFeedback(deps, session, item, track, feedback, isSecret) : session;
  const next = await retune(learned, item, track, type);
  await extendWave(deps, next.session, next.avoid);
  return true;
}

/** Items before one that is played were passed over and are not waited for any more. */
async function moveItem(tx: Transaction, item: WaveItem, type: FeedbackType): Promise<void> {
  const { waveId, seq } = item;
  const before = { waveId, seq: { lt: seq }, state: 'QUEUED' };
  await tx.waveItem.updateMany({ where: before, data: { state: 'PASSED' } });
  const next = ITEM_STATES[type];
  if (next === null || isOver(item)) return;
  await tx.waveItem.update({ where: { waveId_seq: { waveId, seq } }, data: { state: next } });
}

async function noteTaste(
  tx: Transaction,
  userId: UserId,
  track: ReactedTrack,
  { type, positionMs, occurredAt, waveId, clientEventId }: Feedback,
  isSecret: boolean,
): Promise<void> {
  const [trackId, at] = [TrackId.parse(track.id), occurredAt ?? new Date()];
  if (type === 'LIKED' || type === 'DISLIKED') {
    const reaction = {
      userId,
      trackId,
      reaction: type === 'LIKED' ? 'LIKE' : 'DISLIKE',
      at: at.toISOString(),
    } as const;
    await noteReaction(tx, reaction);
    await tx.outbox.create({ data: outboxRow(waveReacted, reaction) });
  }
  if (type === 'BLOCK_ARTIST') {
    await tx.blockedArtist.createMany({ data: { userId, artistId: track.artistId }, skipDuplicates: true });
  }
  // what somebody says of a track they want to be known; what they hear tells only this wave
  if (isSecret) return;
  if (type === 'STARTED' || type === 'FINISHED' || type === 'SKIPPED' || type === 'REPLAYED') {
    const finished = type === 'FINISHED' || type === 'REPLAYED';
    await noteListen(tx, { userId, trackId, at, finished, skipped: type === 'SKIPPED' });
    const kind = type === 'SKIPPED' ? signalOfSkip(positionMs, track.durationMs) : type;
    await noteSignals(tx, [
      { id: `wave:${waveId}:${clientEventId}`, userId, trackId, kind, source: 'WAVE', at },
    ]);
  }
}

async function retune(
  session: WaveSession,
  item: WaveItem,
  track: ReactedTrack | null,
  type: FeedbackType,
): Promise<{ session: WaveSession; avoid: string | null }> {
  if (type === 'STARTED' || type === 'FINISHED' || type === 'LIKED' || type === 'REPLAYED') {
    return { session, avoid: null };
  }
  const news = noteTurnedDown(type, item.trackId, track, Decision.parse(item.reason));
  const { session: emptied, cleared } = await clearQueue(session, news);
  return { session: emptied, avoid: cleared[0]?.trackId ?? null };
}
