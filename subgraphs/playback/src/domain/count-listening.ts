import { randomUUID } from 'node:crypto';

import { CLOCK_SKEW_MS } from '@volna/platform/occurred-at';

import type { Database } from '../database.ts';
import type { Listening } from '../generated/prisma/client.ts';
import { beginHearing, hear, mayBeOf, type Progress } from './hear.ts';

/** Reports of one track that follow each other within this time belong to one listening. */
const SAME_LISTENING_MS = 6 * 60 * 60_000;
/** Listenings of one track among which that of a report is looked for. */
const CANDIDATES = 10;

type Tx = Pick<Database, 'listening' | 'privateListening'>;

export interface Report {
  readonly event: 'STARTED' | 'PROGRESS' | 'FINISHED' | 'SKIPPED';
  readonly at: Date;
  readonly positionMs: number;
  readonly source: string;
  readonly deviceType: string;
}

/** The listening that a report belongs to. */
export interface Counted {
  readonly id: string;
  readonly playedAt: Date;
  /** Where in the track it began. */
  readonly beganMs: number;
  readonly heardMs: number;
}

/** Writes down how far a listening has come; a start is always a new one. */
export async function countListening(
  tx: Tx,
  userId: string,
  trackId: string,
  report: Report,
): Promise<Counted> {
  const { positionMs, source, deviceType } = report;
  const open = report.event === 'STARTED' ? null : await findListening(tx, userId, trackId, report);
  if (!open) {
    const begun = { id: randomUUID(), ...beginHearing(report, report.event === 'STARTED') };
    const about = { userId, trackId, source, deviceType, playedMs: positionMs, ended: isEnd(report) };
    await tx.listening.create({ data: { ...begun, ...about } });
    return begun;
  }
  const { id, playedAt, beganMs } = open;
  const heard = hear(progressOf(open), report);
  const playedMs = Math.max(open.playedMs, positionMs);
  await tx.listening.update({
    where: { id },
    data: { ...heard, playedMs, ended: open.ended || isEnd(report) },
  });
  return { id, playedAt, beganMs, heardMs: heard.heardMs };
}

/**
 * The last listening that had begun when the report was made, unless it had ended; what a player says once more after
 * the end is of the one that has ended. By a clock that is slow the report may seem to be of before its listening.
 */
async function findListening(
  tx: Tx,
  userId: string,
  trackId: string,
  report: Report,
): Promise<Listening | undefined> {
  const { at } = report;
  const soon = new Date(at.getTime() + CLOCK_SKEW_MS);
  const found = await tx.listening.findMany({
    where: { userId, trackId, lastAt: { gte: earliest(at) }, playedAt: { lte: soon } },
    orderBy: { playedAt: 'desc' },
    take: CANDIDATES,
  });
  const begun = found.find(
    (listening) => listening.playedAt <= at && (!listening.ended || mayBeOf(listening, report)),
  );
  return begun ?? found.findLast(({ ended }) => !ended);
}

/** The same for somebody whose listening is not to be remembered: of it is known until it ends that it goes on. */
export async function countPrivately(
  tx: Tx,
  userId: string,
  trackId: string,
  report: Report,
): Promise<Counted> {
  await tx.privateListening.deleteMany({ where: { userId, lastAt: { lt: earliest(new Date()) } } });
  const open =
    report.event === 'STARTED'
      ? null
      : await tx.privateListening.findFirst({
          where: { userId, trackId, lastAt: { gte: earliest(report.at) } },
          orderBy: { lastAt: 'desc' },
        });
  const listening = open
    ? { ...open, ...hear(progressOf({ ...open, playedMs: open.beganMs }), report) }
    : { id: randomUUID(), userId, trackId, ...beginHearing(report, report.event === 'STARTED') };
  const { id } = listening;
  if (isEnd(report)) await tx.privateListening.deleteMany({ where: { id } });
  else await tx.privateListening.upsert({ where: { id }, create: listening, update: listening });
  return listening;
}

/** Of a row of an earlier release as much is known as it says. */
function progressOf(
  row: Pick<Listening, 'playedAt' | 'lastAt' | 'playedMs' | 'beganMs' | 'positionMs' | 'heardMs'>,
): Progress {
  const { playedAt, lastAt, playedMs, positionMs } = row;
  return { playedAt, lastAt, positionMs: positionMs ?? playedMs, heardMs: heardOf(row) };
}

export const heardOf = ({
  playedMs,
  beganMs,
  heardMs,
}: Pick<Listening, 'playedMs' | 'beganMs' | 'heardMs'>) => heardMs ?? Math.max(0, playedMs - beganMs);

const isEnd = ({ event }: Report): boolean => event === 'FINISHED' || event === 'SKIPPED';
const earliest = (at: Date): Date => new Date(at.getTime() - SAME_LISTENING_MS);
