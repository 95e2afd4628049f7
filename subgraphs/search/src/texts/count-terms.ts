import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { Prisma } from '../generated/prisma/client.ts';

/** Of more texts than these so many are counted, taken by chance. */
const SAMPLE = 20_000;
/** A library that has grown by so much, or a count that is so old, is counted again. */
const GROWTH = 0.1;
const STALE_MS = 24 * 60 * 60_000;
const TRANSACTION = { timeout: 120_000, maxWait: 10_000 };

/** Counts how many texts hold each word, for ranking, where what was counted last is no longer true enough. */
export async function countTerms({ db }: Pick<Deps, 'db'>): Promise<void> {
  const serving = await db.searchVersion.findFirst({ where: { state: 'SERVING' } });
  if (!serving) return;
  const documents = await db.searchText.count({ where: { version: serving.version } });
  const last = await db.searchStatistics.findFirst();
  const isTrueEnough =
    last?.version === serving.version &&
    Math.abs(documents - last.documents) <= GROWTH * last.documents &&
    last.countedAt.getTime() > Date.now() - STALE_MS;
  if (isTrueEnough) return;
  await db.$transaction((tx) => count(tx, serving.version, documents), TRANSACTION);
}

/** What only one text has is left out: no word is known to be rarer. */
async function count(tx: Transaction, version: number, documents: number): Promise<void> {
  const [{ isMine } = { isMine: false }] = await tx.$queryRaw<{ isMine: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(5400118) AS "isMine"`;
  if (!isMine) return;
  const share = Math.min(1, SAMPLE / Math.max(1, documents));
  const sampled = share < 1 ? `TABLESAMPLE SYSTEM (${share * 100})` : '';
  const texts = `SELECT document FROM search_text_${version} ${sampled}`;
  await tx.searchTerm.deleteMany();
  await tx.$executeRaw(Prisma.sql`
    INSERT INTO search_term (word, documents)
    SELECT word, round(ndoc / ${share}::float8)::int FROM ts_stat(${texts}) WHERE ndoc > 1`);
  await tx.searchStatistics.deleteMany();
  await tx.searchStatistics.create({ data: { version, documents, countedAt: new Date() } });
}
