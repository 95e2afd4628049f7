import { claimJobs } from '@volna/catalog/claim-job';
import { openDatabase } from '@volna/catalog/database';
import { finishTogether } from '@volna/catalog/finish-job';
import { orderFetch } from '@volna/catalog/order-job';
import { type DataOf, fileFetched, jobClaim, newId } from '@volna/events';
import { NatsBus } from '@volna/platform/bus-nats';
import { openPool } from '@volna/platform/database';
import { migrate } from '@volna/platform/migrate';
import { startRelay } from '@volna/platform/outbox-relay';
import { together } from '@volna/platform/together';

// Whoever owns the rows of jobs, as catalog does, and nothing beside that: orders, claims, results. Arguments: its
// database, the broker. `N` orders so many jobs, waits until each has SUCCEEDED, and says how many milliseconds that took.

const MIGRATIONS = new URL('../prisma/migrations', import.meta.resolve('@volna/catalog')).pathname;
const AT_ONCE = 25;
const LEASE_SECONDS = 30;
/** As catalog takes results. */
const RESULTS = { concurrency: 8 };

const [databaseUrl = '', natsUrl = ''] = process.argv.slice(2);
await migrate(databaseUrl, MIGRATIONS);
const pool = openPool(databaseUrl);
const db = openDatabase(pool);
const bus = await NatsBus.connect(natsUrl);
const upload = await makeUpload();

const finished = { left: 0, tell: () => {} };
const claims = { db, leaseSeconds: LEASE_SECONDS };
await bus.answer(
  jobClaim,
  'bench',
  together((asked) => claimJobs(claims, asked)),
);
// as catalog ends what it fetches, with nothing to write but the job itself
const finish = finishTogether(db, async () => {});
const end = async (result: DataOf<typeof fileFetched>) => {
  if ((await finish(result)) && --finished.left === 0) finished.tell();
};
await bus.consume(fileFetched, 'bench', end, RESULTS);

async function makeUpload() {
  const id = newId('Upload');
  const size = { sizeBytes: 1n, partBytes: 1, expiresAt: new Date() };
  const file = { filename: 'a', contentType: 'audio/flac', objectKey: `uploads/${id}`, multipartId: 'none' };
  return db.upload.create({ data: { id, ownerId: newId('User'), ...file, ...size } });
}

/** Orders that are committed, and not yet sent on. */
async function order(count: number): Promise<void> {
  for (let left = count; left > 0; left -= AT_ONCE) {
    // oxlint-disable-next-line no-await-in-loop -- as fast as one can write
    await db.$transaction(async (tx) => {
      for (let at = 0; at < Math.min(left, AT_ONCE); at++)
        await orderFetch(tx, upload, { url: 'https://example.org/a.flac', maxBytes: 1 });
    });
  }
}

async function run(count: number): Promise<number> {
  await order(count);
  const { promise, resolve } = Promise.withResolvers<void>();
  Object.assign(finished, { left: count, tell: resolve });
  const begin = performance.now();
  await using _relay = startRelay({ db: pool, bus });
  await promise;
  return performance.now() - begin;
}

process.on('message', (count: string) => {
  run(Number(count)).then(
    (ms) => process.send?.(ms),
    (err: unknown) => {
      throw err;
    },
  );
});
process.send?.('ready');
