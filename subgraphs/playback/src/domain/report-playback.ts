import { listeningMoved, playbackReported, TrackId } from '@volna/events';
import { UserError } from '@volna/platform/errors';
import { readOccurredAt } from '@volna/platform/occurred-at';
import { outboxRow } from '@volna/platform/outbox';

import type { Context } from '../context.ts';
import type { ReportPlaybackInput } from '../generated/graphql.ts';
import type { Playable } from '../playable.ts';
import { countListening, countPrivately, type Report } from './count-listening.ts';
import { findPlayed } from './find-played.ts';

export const MAX_REPORTS = 200;

/**
 * Counts what can be counted of several reports, the earliest first; gives what is wrong with the others, in the order in
 * which they came.
 */
export async function reportPlaybacks(
  context: Context,
  inputs: readonly ReportPlaybackInput[],
): Promise<{ readonly errors: readonly UserError[] }> {
  if (inputs.length > MAX_REPORTS) {
    const tooMany = new UserError('BAD_USER_INPUT', `at most ${MAX_REPORTS} reports at a time`, ['reports']);
    return { errors: [tooMany] };
  }
  const errors = new Map<number, UserError>();
  const inOrder = [...inputs.entries()].toSorted(([, a], [, b]) => timeOf(a) - timeOf(b));
  for (const [rank, input] of inOrder) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- a listening goes on with the report before
      await reportPlayback(context, input);
    } catch (err) {
      if (!(err instanceof UserError)) throw err;
      errors.set(rank, new UserError(err.code, err.message, ['reports', String(rank), ...(err.path ?? [])]));
    }
  }
  const byRank = [...errors].toSorted(([a], [b]) => a - b);
  return { errors: byRank.map(([, error]) => error) };
}

const timeOf = ({ occurredAt }: ReportPlaybackInput) => Date.parse(occurredAt ?? '') || Date.now();

/** Counts what a player did. A report with a `clientEventId` that was counted before changes nothing. */
export async function reportPlayback(context: Context, input: ReportPlaybackInput): Promise<{ ok: true }> {
  const { userId } = context.requireViewer();
  const track = await findPlayed(context, input.trackId);
  if (!track) throw new UserError('NOT_FOUND', 'no such track', ['trackId']);
  const report = readReport(input, track);
  await context.db.$transaction(async (tx) => {
    const counted = await tx.countedReport.createMany({
      data: { userId, clientEventId: input.clientEventId },
      skipDuplicates: true,
    });
    if (counted.count === 0) return;
    const listener = await tx.listener.findUnique({ where: { userId }, select: { isPrivate: true } });
    const isPrivate = listener?.isPrivate ?? false;
    const count = isPrivate ? countPrivately : countListening;
    const { id, playedAt, beganMs, heardMs } = await count(tx, userId, track.id, report);
    const { event, positionMs, source, deviceType, at } = report;
    const fact = {
      userId,
      trackId: TrackId.parse(track.id),
      event,
      positionMs,
      source,
      deviceType,
      clientEventId: input.clientEventId,
      listening: { id, startedAt: playedAt.toISOString(), beganMs, heardMs },
      ...(isPrivate && { isPrivate }),
      at: at.toISOString(),
    };
    await tx.outbox.create({ data: outboxRow(playbackReported, { ...fact, durationMs: track.durationMs }) });
  });
  context.wakeRelay();
  context.bus.signal(listeningMoved, { userId });
  return { ok: true };
}

function readReport(input: ReportPlaybackInput, track: Playable): Report {
  const at = readOccurredAt(input.occurredAt);
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
