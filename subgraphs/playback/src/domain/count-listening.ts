import { randomUUID } from 'node:crypto';

import type { Database } from '../database.ts';

/** Reports of one track that follow each other within this time belong to one listening. */
const SAME_LISTENING_MS = 6 * 60 * 60_000;

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
}

/** Writes down how far a listening has come; a start is always a new one. */
export async function countListening(
  tx: Tx,
  userId: string,
  trackId: string,
  report: Report,
): Promise<Counted> {
  const { at, positionMs, source, deviceType } = report;
  const open =
    report.event === 'STARTED'
      ? null
      : await tx.listening.findFirst({
          where: { userId, trackId, ended: false, lastAt: { gte: earliest(at) } },
          orderBy: { lastAt: 'desc' },
        });
  if (!open) {
    const listening = { id: randomUUID(), userId, trackId, source, deviceType, playedAt: at, lastAt: at };
    return tx.listening.create({
      data: { ...listening, playedMs: positionMs, beganMs: beginning(report), ended: isEnd(report) },
    });
  }
  return tx.listening.update({
    where: { id: open.id },
    data: {
      playedMs: Math.max(open.playedMs, positionMs),
      lastAt: at > open.lastAt ? at : open.lastAt,
      ended: open.ended || isEnd(report),
    },
  });
}

/** The same for somebody whose listening is not to be remembered: of it is known until it ends that it goes on. */
export async function countPrivately(
  tx: Tx,
  userId: string,
  trackId: string,
  report: Report,
): Promise<Counted> {
  const { at } = report;
  await tx.privateListening.deleteMany({ where: { userId, lastAt: { lt: earliest(new Date()) } } });
  const open =
    report.event === 'STARTED'
      ? null
      : await tx.privateListening.findFirst({
          where: { userId, trackId, lastAt: { gte: earliest(at) } },
          orderBy: { lastAt: 'desc' },
        });
  const { id, playedAt, beganMs } = open ?? { id: randomUUID(), playedAt: at, beganMs: beginning(report) };
  if (isEnd(report)) await tx.privateListening.deleteMany({ where: { id } });
  else {
    await tx.privateListening.upsert({
      where: { id },
      create: { id, userId, trackId, playedAt, beganMs, lastAt: at },
      update: { lastAt: at },
    });
  }
  return { id, playedAt, beganMs };
}

/** A report that is no start comes of a player that tells no starts: from the track's beginning, as far as is known. */
const beginning = ({ event, positionMs }: Report): number => (event === 'STARTED' ? positionMs : 0);
const isEnd = ({ event }: Report): boolean => event === 'FINISHED' || event === 'SKIPPED';
const earliest = (at: Date): Date => new Date(at.getTime() - SAME_LISTENING_MS);
