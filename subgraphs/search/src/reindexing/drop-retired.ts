import type { Deps } from '../context.ts';

/** How long a table may be waited for that somebody reads. */
const WAIT = '2s';

/** Drops the texts of versions that served once. */
export async function dropRetired({ db }: Pick<Deps, 'db'>): Promise<void> {
  const retired = await db.searchVersion.findMany({ where: { state: 'RETIRED' }, select: { version: true } });
  for (const { version } of retired) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await db.$transaction(async (tx) => {
      await tx.$executeRawUnsafe(`SET LOCAL lock_timeout = '${WAIT}'`);
      // in the order in which readers take them, so that nobody waits in a circle
      for (const table of ['search_prefix', 'search_text', 'search_word']) {
        // oxlint-disable-next-line no-await-in-loop -- one connection
        await tx.$executeRawUnsafe(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
        // oxlint-disable-next-line no-await-in-loop
        await tx.$executeRawUnsafe(`DROP TABLE IF EXISTS ${table}_${version}`);
      }
      await tx.searchVersion.delete({ where: { version } });
    });
  }
}
