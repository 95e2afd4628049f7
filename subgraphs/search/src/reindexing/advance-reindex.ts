import { reindexMoved } from '@volna/events';
import { logger } from '@volna/platform/log';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { lockIds } from '../domain/lock-ids.ts';
import { lockVersions } from '../texts/live-versions.ts';
import { refreshTexts } from '../texts/refresh-texts.ts';
import { dropRetired } from './drop-retired.ts';

const BATCH = 200;
const TRANSACTION = { timeout: 60_000, maxWait: 10_000 };

interface Row {
  readonly version: number;
  readonly afterId: string;
}

/**
 * Makes what there is to make of a version that is ordered, batch by batch; whoever stops is followed by the next start,
 * and of several processes one works at a time. Then the new version serves, and the old one goes.
 */
export async function advanceReindex(deps: Deps): Promise<void> {
  const { db, bus, results } = deps;
  // asked every second, and mostly in vain
  const due = await db.searchVersion.count({ where: { state: { in: ['BUILDING', 'RETIRED'] } } });
  if (due === 0) return;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one batch after the other keeps locks short
    const step = await db.$transaction((tx) => takeStep(tx), TRANSACTION);
    if (!step) break;
    bus.signal(reindexMoved, { version: step.version });
    if (step.isDone) {
      // oxlint-disable-next-line no-await-in-loop -- this is the last round
      await serve(deps, step.version);
      // oxlint-disable-next-line no-await-in-loop
      await results.forgetAll();
      bus.signal(reindexMoved, { version: step.version });
    }
  }
  await dropRetired(deps);
}

/** The next batch; null where there is nothing to make or another process makes it. */
async function takeStep(tx: Transaction): Promise<{ version: number; isDone: boolean } | null> {
  const [building] = await tx.$queryRaw<Row[]>`
    SELECT version, after_id AS "afterId" FROM search_version WHERE state = 'BUILDING' FOR UPDATE SKIP LOCKED`;
  if (!building) return null;
  const { version, afterId } = building;
  const entries = await tx.searchEntry.findMany({
    where: { id: { gt: afterId } },
    orderBy: { id: 'asc' },
    take: BATCH,
    select: { id: true, kind: true, artistId: true },
  });
  const last = entries.at(-1);
  if (!last) return { version, isDone: true };
  const ids = entries.map(({ id }) => id);
  // the text of an album has its artist's name
  const artistIds = entries.flatMap(({ kind, artistId }) => (kind === 'ALBUM' && artistId ? [artistId] : []));
  await lockIds(tx, [...ids, ...artistIds]);
  await refreshTexts(tx, ids, [version]);
  await tx.searchVersion.update({
    where: { version },
    data: { afterId: last.id, done: { increment: ids.length } },
  });
  return { version, isDone: false };
}

/** From here on the new version is searched; and the vectors are put where they are searched once more. */
async function serve({ db }: Pick<Deps, 'db'>, version: number): Promise<void> {
  await db.$executeRawUnsafe(
    `VACUUM (ANALYZE) search_text_${version}, search_prefix_${version}, search_word_${version}`,
  );
  await db.$transaction(async (tx) => {
    await lockVersions(tx);
    const endedAt = new Date();
    const { count } = await tx.searchVersion.updateMany({
      where: { state: 'SERVING', version: { lt: version } },
      data: { state: 'RETIRED' },
    });
    // another process was faster
    if (count === 0) return;
    await tx.searchVersion.update({ where: { version }, data: { state: 'SERVING', endedAt } });
    await tx.indexedTrack.updateMany({
      data: { vectorStoredAt: null, segmentsStoredAt: null, worksStoredAt: null },
    });
  }, TRANSACTION);
  logger.info({ version }, 'the texts that are searched are made anew');
}
