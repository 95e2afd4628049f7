import {
  type DataOf,
  dataPartDone,
  type DataRequestId,
  erasureRequested,
  exportRequested,
} from '@volna/events';
import type { Pool, PoolClient } from 'pg';

import type { Bus, Delivery } from './bus.ts';
import type { Objects } from './objects.ts';
import { outboxRow } from './outbox.ts';

/** Rows that are kept of a person. */
export interface PersonalTable {
  readonly table: string;
  /** SQL over `$1`, the user's id. */
  readonly where: string;
  /** Columns that mean nothing to the person, or are secrets. */
  readonly omit?: readonly string[];
  /** SQL of an UPDATE's SET for rows that have to stay, without what they say of the person; else they are deleted. */
  readonly scrub?: string;
}

/** A stored file of a person's own, under the name that it has in the archive. */
export interface PersonalFile {
  readonly key: string;
  readonly name: string;
}

/** All that one service keeps of a person. */
export interface PersonalData {
  readonly service: string;
  /** In the order of erasing: what refers to other rows before them. */
  readonly tables: readonly PersonalTable[];
  files?(userId: string): Promise<PersonalFile[]>;
  /** Erases what is not in tables, before the rows go; safe to repeat. Gives how much of what. */
  eraseElsewhere?(userId: string): Promise<Record<string, number>>;
  /** What others have to be told, in the transaction that erases and before the rows go. */
  announce?(client: PoolClient, userId: string): Promise<void>;
}

export interface PersonalDataDeps {
  readonly bus: Bus;
  readonly pool: Pool;
  readonly objects: Objects;
  readonly wakeRelay: () => void;
}

/** Erasing a large library takes longer than a request may. */
const STATEMENT_MS = 5 * 60_000;

/** Does a service's part of data exports and erasures. `withErasure` is false for the service that erases last. */
export async function servePersonalData(
  deps: PersonalDataDeps,
  data: PersonalData,
  { withErasure = true } = {},
): Promise<AsyncDisposable> {
  const { bus } = deps;
  await using opening = new AsyncDisposableStack();
  const consumer = `${data.service}-personal-data`;
  opening.use(
    await bus.consume(exportRequested, consumer, async ({ requestId, userId, prefix }, delivery) => {
      const { counts, key } = await writeExport(deps, data, userId, `${prefix}/${data.service}.json`);
      const files = [{ key, name: `${data.service}.json` }, ...((await data.files?.(userId)) ?? [])];
      await handleOnce(deps, data, delivery, (client) =>
        tell(client, { requestId, service: data.service, round: 1, counts, files }),
      );
    }),
  );
  if (withErasure) {
    opening.use(
      await bus.consume(erasureRequested, consumer, async ({ requestId, userId, round }, delivery) => {
        const elsewhere = (await data.eraseElsewhere?.(userId)) ?? {};
        await handleOnce(deps, data, delivery, async (client) => {
          await data.announce?.(client, userId);
          const counts = addCounts(elsewhere, await eraseRows(client, data, userId));
          await tell(client, { requestId, service: data.service, round, counts, files: [] });
        });
      }),
    );
  }
  return opening.move();
}

/** Two counts of the same things, as one. */
export function addCounts(
  left: Readonly<Record<string, number>>,
  right: Readonly<Record<string, number>>,
): Record<string, number> {
  const total = { ...left };
  for (const [name, count] of Object.entries(right)) total[name] = (total[name] ?? 0) + count;
  return total;
}

async function writeExport(
  { pool, objects }: PersonalDataDeps,
  { tables }: PersonalData,
  userId: string,
  key: string,
): Promise<{ counts: Record<string, number>; key: string }> {
  const content: Record<string, unknown[]> = {};
  for (const { table, where, omit = [] } of tables) {
    const { rows } = await pool.query<{ row: unknown }>(
      `SELECT to_jsonb(t) - $2::text[] AS row FROM ${table} t WHERE ${where}`,
      [userId, omit],
    );
    (content[nameOf(table)] ??= []).push(...rows.map(({ row }) => row));
  }
  await objects.put(key, Buffer.from(JSON.stringify(content, null, 2)), { contentType: 'application/json' });
  const counts = Object.fromEntries(Object.entries(content).map(([table, rows]) => [table, rows.length]));
  return { counts, key };
}

/** Erases the rows of a person in the order of the tables. Gives how many of which. */
export async function eraseRows(
  client: PoolClient,
  { tables }: Pick<PersonalData, 'tables'>,
  userId: string,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { table, where, scrub } of tables) {
    const change = scrub === undefined ? `DELETE FROM ${table}` : `UPDATE ${table} SET ${scrub}`;
    const { rowCount } = await client.query(`${change} WHERE ${where}`, [userId]);
    counts[nameOf(table)] = (counts[nameOf(table)] ?? 0) + (rowCount ?? 0);
  }
  // told already: what the broker still holds, users has it forget
  await client.query(`DELETE FROM outbox WHERE published_at IS NOT NULL AND strpos(payload::text, $1) > 0`, [
    userId,
  ]);
  return counts;
}

/** Once for all deliveries. */
async function handleOnce(
  { pool, wakeRelay }: PersonalDataDeps,
  { service }: PersonalData,
  { id }: Delivery,
  run: (client: PoolClient) => Promise<void>,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      'INSERT INTO processed_message (consumer, id) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      [`${service}-personal-data`, id],
    );
    if (rowCount) await run(client);
  });
  wakeRelay();
}

/** One transaction, with time for as much as a person can have left. */
export async function inTransaction(pool: Pool, run: (client: PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(`SET LOCAL statement_timeout = ${STATEMENT_MS}`);
    await run(client);
    await client.query('COMMIT');
  } catch (err) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw err;
  } finally {
    client.release();
  }
}

type Part = Omit<DataOf<typeof dataPartDone>, 'requestId'> & { readonly requestId: DataRequestId };

async function tell(client: PoolClient, part: Part): Promise<void> {
  await insertOutbox(client, outboxRow(dataPartDone, part));
}

/** An outbox row without Prisma. */
export async function insertOutbox(client: PoolClient, row: ReturnType<typeof outboxRow>): Promise<void> {
  await client.query(
    'INSERT INTO outbox (id, subject, payload, correlation_id, occurred_at) VALUES ($1, $2, $3, $4, $5)',
    [row.id, row.subject, JSON.stringify(row.payload), row.correlationId, row.occurredAt],
  );
}

/** Without the quotes that SQL wants around some names. */
function nameOf(table: string): string {
  return table.replaceAll('"', '');
}
