import { randomUUID } from 'node:crypto';

import { listeningMoved, playbackReported, TrackId } from '@volna/events';
import { UserError } from '@volna/platform/errors';
import { outboxRow } from '@volna/platform/outbox';

import type { Context } from '../context.ts';
import type { Database } from '../database.ts';
import type { ReportPlaybackInput } from '../generated/graphql.ts';
import type { Playable } from '../playable.ts';
import { findPlayed } from './find-played.ts';

/** Reports of one track that follow each other within this time belong to one listening. */
const SAME_LISTENING_MS = 6 * 60 * 60_000;
/** A client's clock may be ahead by this much. */
const CLOCK_SKEW_MS = 5 * 60_000;

type Tx = Pick<Database, 'listening' | 'countedReport' | 'outbox'>;

export const MAX_REPORTS = 200;

/** Counts what can be counted of several reports, the earliest first; gives what is wrong with the others. */
export async function reportPlaybacks(
  context: Context,
  inputs: readonly ReportPlaybackInput[],
): Promise<{ readonly errors: readonly UserError[] }> {
  if (inputs.length > MAX_REPORTS) {
    const tooMany = new UserError('BAD_USER_INPUT', `at most ${MAX_REPORTS} reports at a time`, ['reports']);
    return { errors: [tooMany] };
  }
  const errors: UserError[] = [];
  const inOrder = [...inputs.entries()].toSorted(([, a], [, b]) => timeOf(a) - timeOf(b));
  for (const [rank, input] of inOrder) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- a listening goes on with the report before
      await reportPlayback(context, input);
    } catch (err) {
      if (!(err instanceof UserError)) throw err;
      errors.push(new UserError(err.code, err.message, ['reports', String(rank), ...(err.path ?? [])]));
    }
  }
  return { errors };
}

const timeOf = ({ occurredAt }: ReportPlaybackInput) => Date.parse(occurredAt ?? '') || Date.now();

/** Counts what a player did. A report with a `clientEventId` that was counted before changes nothing. */
export async function reportPlayback(context: Context, input: ReportPlaybackInput): Promise<{ ok: true }> {
  const { userId } = context.requireViewer();
  const track = await findPlayed(context, input.trackId);
  if (!track) throw new UserError('NOT_FOUND', 'no such track', ['trackId']);
  const report = readReport(input, track);
  await context.db.$transaction(async (tx) => {
    const { count } = await tx.countedReport.createMany({
      data: { userId, clientEventId: input.clientEventId },
      skipDuplicates: true,
    });
    if (count === 0) return;
    const { id, playedAt } = await countListening(tx, userId, track.id, report);
    const { event, positionMs, source, deviceType, at } = report;
    const fact = {
      userId,
      trackId: TrackId.parse(track.id),
      event,
      positionMs,
      source,
      deviceType,
      clientEventId: input.clientEventId,
      listening: { id, startedAt: playedAt.toISOString() },
      at: at.toISOString(),
    };
    await tx.outbox.create({ data: outboxRow(playbackReported, { ...fact, durationMs: track.durationMs }) });
  });
  context.wakeRelay();
  context.bus.signal(listeningMoved, { userId });
  return { ok: true };
}

function readReport(input: ReportPlaybackInput, track: Playable) {
  const at = new Date(input.occurredAt ?? Date.now());
  if (at.getTime() > Date.now() + CLOCK_SKEW_MS) {
    throw new UserError('BAD_USER_INPUT', 'this is in the future', ['occurredAt']);
  }
  if (input.positionMs < 0)
    throw new UserError('BAD_USER_INPUT', 'a position is not negative', ['positionMs']);
  if (input.clientEventId === '' || input.clientEventId.length > 100) {
    throw new UserError('BAD_USER_INPUT', 'an event id has 1–100 characters', ['clientEventId']);
  }
  return {
    event: input.event,
    at,
    positionMs: Math.min(input.positionMs, track.durationMs),
    source: input.source ?? 'ORGANIC',
    deviceType: input.deviceType ?? 'OTHER',
  };
}

async function countListening(
  tx: Tx,
  userId: string,
  trackId: string,
  report: ReturnType<typeof readReport>,
): Promise<{ readonly id: string; readonly playedAt: Date }> {
  const { event, at, positionMs, source, deviceType } = report;
  const ended = event === 'FINISHED' || event === 'SKIPPED';
  const open = await openListening(tx, userId, trackId, report);
  if (!open) {
    const listening = { id: randomUUID(), userId, trackId, source, deviceType, playedAt: at, lastAt: at };
    return tx.listening.create({ data: { ...listening, playedMs: positionMs, ended } });
  }
  const playedMs = Math.max(open.playedMs, positionMs);
  const lastAt = at > open.lastAt ? at : open.lastAt;
  return tx.listening.update({
    where: { id: open.id },
    data: { playedMs, lastAt, ended: open.ended || ended },
  });
}

/** The listening that a report goes on with; a start is always a new one. */
function openListening(tx: Tx, userId: string, trackId: string, report: ReturnType<typeof readReport>) {
  if (report.event === 'STARTED') return null;
  const since = new Date(report.at.getTime() - SAME_LISTENING_MS);
  return tx.listening.findFirst({
    where: { userId, trackId, ended: false, lastAt: { gte: since } },
    orderBy: { lastAt: 'desc' },
  });
}
