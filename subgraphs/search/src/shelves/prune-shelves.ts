import type { Deps } from '../context.ts';

const DAY_MS = 86_400_000;
/** What a week's list leaves out, the next one has to know. */
const KEEP_SHELVES_MS = 14 * DAY_MS;
/** `popularTracks` looks back thirty days. */
const KEEP_DAYS_MS = 60 * DAY_MS;

/** Forgets suggestions that nobody has looked at for long, and what was played on days that nobody counts any more. */
export async function pruneShelves({ db }: Pick<Deps, 'db'>, now = new Date()): Promise<void> {
  const before = (ms: number) => new Date(now.getTime() - ms);
  await db.shelf.deleteMany({ where: { expiresAt: { lt: before(KEEP_SHELVES_MS) } } });
  await db.trackDay.deleteMany({ where: { day: { lt: before(KEEP_DAYS_MS) } } });
}
