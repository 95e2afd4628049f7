import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { learnTrack } from './learn-track.ts';
import { positiveSignals } from './signals.ts';

/** How often everything is learnt anew: what falls out of the latest of a listener is noticed then. */
const REBUILD_MS = 7 * 24 * 60 * 60_000;
/** Tracks that one round learns at most. */
const ROUND = 500;
/** Who is fond of fewer tracks is no listener whom to learn from. */
const MIN_TASTE = 3;
const LOCK = 'collaborative';
const STATE = 1;
const TRANSACTION = { maxWait: 5_000, timeout: 30_000 } as const;

/**
 * Learns the tracks that are due, oldest first, and once a week all of them. One process does it at a time; one that
 * ends in between leaves the rest due.
 */
export async function advanceCollaborative({ db }: Pick<Deps, 'db'>, now = new Date()): Promise<void> {
  await db.$transaction((tx) => orderRebuild(tx, now), TRANSACTION);
  let learnt = 0;
  while (learnt < ROUND) {
    // oxlint-disable-next-line no-await-in-loop -- a transaction a track, so that nobody waits long
    if (!(await db.$transaction(learnNext, TRANSACTION))) break;
    learnt++;
  }
  if (learnt > 0) await db.$transaction(countListeners, TRANSACTION);
}

/** Weekly, and where nothing was ever learnt. */
async function orderRebuild(tx: Transaction, now: Date): Promise<void> {
  if (!(await isAlone(tx))) return;
  const state = await tx.collaborativeState.findUnique({ where: { id: STATE } });
  if (state && now.getTime() - state.rebuiltAt.getTime() < REBUILD_MS) return;
  await tx.$executeRaw`
    INSERT INTO collaborative_due (track_id, at)
    SELECT coalesce(t.merged_into_id, t.id), ${now}::timestamptz FROM indexed_track t
    WHERE EXISTS (SELECT FROM listen l WHERE l.track_id = t.id AND l.finishes > 0)
      OR EXISTS (SELECT FROM reaction r WHERE r.track_id = t.id AND r.reaction = 'LIKE')
    UNION SELECT track_id, ${now}::timestamptz FROM collaborative_track
    ON CONFLICT DO NOTHING`;
  const rebuiltAt = { rebuiltAt: now };
  await tx.collaborativeState.upsert({
    where: { id: STATE },
    create: { id: STATE, listeners: 0, ...rebuiltAt },
    update: rebuiltAt,
  });
}

/** Gives false where nothing is due or another process is at it. */
async function learnNext(tx: Transaction): Promise<boolean> {
  if (!(await isAlone(tx))) return false;
  const due = await tx.collaborativeDue.findFirst({ orderBy: [{ at: 'asc' }, { trackId: 'asc' }] });
  if (!due) return false;
  await learnTrack(tx, due.trackId);
  // one that has become due again meanwhile has another time, and stays so: nobody waits for the learning
  await tx.collaborativeDue.deleteMany({ where: due });
  return true;
}

async function countListeners(tx: Transaction): Promise<void> {
  await tx.$executeRaw`
    UPDATE collaborative_state SET listeners = (
      SELECT count(*) FROM (
        SELECT user_id FROM (${positiveSignals(Prisma.sql`TRUE`)}) fond
        GROUP BY user_id HAVING count(*) >= ${MIN_TASTE}
      ) listener)
    WHERE id = ${STATE}`;
}

/** Until the transaction ends no other process learns. */
async function isAlone(tx: Transaction): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ mine: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(hashtext(${LOCK})) AS mine`;
  return row?.mine ?? false;
}
