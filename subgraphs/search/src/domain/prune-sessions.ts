import type { Deps } from '../context.ts';

/** Forgets waves in which nothing has happened since a moment, and audio searches from before it. */
export async function pruneSessions({ db }: Pick<Deps, 'db'>, before: Date): Promise<void> {
  const old = await db.$queryRaw<{ id: string }[]>`
    SELECT w.id FROM wave w
    WHERE w.created_at < ${before}
      AND NOT EXISTS (SELECT FROM wave_log l WHERE l.wave_id = w.id AND l.at >= ${before})
    LIMIT 1000`;
  const where = { waveId: { in: old.map(({ id }) => id) } };
  await db.$transaction([
    db.waveItem.deleteMany({ where }),
    db.waveFeedback.deleteMany({ where }),
    db.waveLog.deleteMany({ where }),
    db.wave.deleteMany({ where: { id: where.waveId } }),
    db.audioSearch.deleteMany({ where: { createdAt: { lt: before } } }),
  ]);
}
