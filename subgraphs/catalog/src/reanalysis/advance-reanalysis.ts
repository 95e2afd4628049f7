import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { orderDecode } from '../domain/order-job.ts';
import type { Reanalysis } from '../generated/prisma/client.ts';
import { isDue } from './begin-reanalysis.ts';

/** So many jobs of a round wait or run at a time: an upload waits behind no more of them. */
const AT_A_TIME = 4;

interface Original {
  readonly trackId: string;
  readonly uploadId: string;
  readonly originalKey: string;
}

/** Orders what a round is to do next; ends it when all of it is done. Any process may run it, and goes on after a restart. */
export async function advanceReanalysis(deps: Deps): Promise<void> {
  const hasOrdered = await deps.db.$transaction(async (tx) => {
    const [row] = await tx.$queryRaw<{ number: number }[]>`
      SELECT number FROM reanalysis WHERE is_running FOR UPDATE SKIP LOCKED`;
    const round = row && (await tx.reanalysis.findUnique({ where: { number: row.number } }));
    return round ? orderSome(tx, round, deps.policy.maxSeconds) : false;
  });
  if (hasOrdered) deps.wake();
}

async function orderSome(tx: Transaction, round: Reanalysis, maxSeconds: number): Promise<boolean> {
  const { number } = round;
  const underWay = await tx.job.count({
    where: { reanalysisNumber: number, state: { in: ['QUEUED', 'RUNNING'] } },
  });
  if (underWay >= AT_A_TIME) return false;
  const tracks = await tx.track.findMany({
    where: { id: { gt: round.afterId }, ...isDue(round.model, round.startedAt) },
    orderBy: { id: 'asc' },
    take: AT_A_TIME - underWay,
    select: { id: true },
  });
  const last = tracks.at(-1);
  if (!last) {
    if (underWay > 0) return false;
    await tx.reanalysis.update({ where: { number }, data: { isRunning: false, endedAt: new Date() } });
    return false;
  }
  const originals = await readOriginals(
    tx,
    tracks.map(({ id }) => id),
  );
  for (const { originalKey, ...subject } of originals) {
    // oxlint-disable-next-line no-await-in-loop -- a transaction has one connection
    await orderDecode(tx, { ...subject, reanalysisNumber: number }, { originalKey, maxSeconds });
  }
  await tx.reanalysis.update({
    where: { number },
    data: {
      afterId: last.id,
      ordered: { increment: originals.length },
      skipped: { increment: tracks.length - originals.length },
    },
  });
  return originals.length > 0;
}

/** The files that tracks were last made of. */
function readOriginals(tx: Transaction, trackIds: string[]): Promise<Original[]> {
  return tx.$queryRaw<Original[]>`
    SELECT DISTINCT ON (track_id) track_id AS "trackId", upload_id AS "uploadId", input->>'originalKey' AS "originalKey"
    FROM job WHERE kind = 'transcode' AND state = 'SUCCEEDED' AND track_id = ANY (${trackIds})
    ORDER BY track_id, id DESC`;
}
