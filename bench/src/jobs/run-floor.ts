import { fileFetched, newId } from '@volna/events';
import { NatsBus } from '@volna/platform/bus-nats';
import { openPool } from '@volna/platform/database';

// What is left of a job when nothing may get lost and nothing be done twice is nobody's concern: a message, and a
// statement where it arrives. Arguments: a database, the broker. `N` sends so many, and says how many milliseconds it took
// until all had been written down.

const [databaseUrl = '', natsUrl = ''] = process.argv.slice(2);
const bus = await NatsBus.connect(natsUrl, { prefix: 'floor' });
const pool = openPool(databaseUrl);
await pool.query(
  'CREATE TABLE IF NOT EXISTS floor (id text PRIMARY KEY, done boolean NOT NULL DEFAULT false)',
);
const UPDATE = 'UPDATE floor SET done = true WHERE id = $1';

const finished = { left: 0, tell: () => {} };
await bus.consume(
  fileFetched,
  'floor',
  async ({ jobId }) => {
    await pool.query(UPDATE, [jobId]);
    if (--finished.left === 0) finished.tell();
  },
  { concurrency: 8 },
);

async function run(count: number): Promise<number> {
  const ids = Array.from({ length: count }, () => newId('Job'));
  await pool.query('INSERT INTO floor (id) SELECT unnest($1::text[])', [ids]);
  const { promise, resolve } = Promise.withResolvers<void>();
  Object.assign(finished, { left: count, tell: resolve });
  const begin = performance.now();
  const result = { attempt: 1, bytes: 1, filename: 'a.flac', contentType: 'audio/flac' };
  // oxlint-disable-next-line no-await-in-loop -- in order
  for (const jobId of ids) await bus.publish(fileFetched, { jobId, ...result });
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
