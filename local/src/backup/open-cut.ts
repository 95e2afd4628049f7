import { holdMigrations } from '@volna/platform/migrate';
import { Client, escapeIdentifier } from 'pg';

import { readShape } from './database-shape.ts';
import type { DatabaseShape } from './manifest.ts';

export interface CutDatabase {
  readonly service: string;
  /** In a transaction that sees the database as it was at the point. */
  readonly client: Client;
  readonly shape: DatabaseShape;
}

export interface Cut extends AsyncDisposable {
  readonly point: Date;
  readonly databases: readonly CutDatabase[];
}

export interface DatabasePlace {
  readonly service: string;
  readonly url: string;
}

const TRIES = 10;
/** Whoever writes waits no longer for a backup than that, and it gives up rather. */
const LOCK_MS = 1_500;
const LOCK_NOT_AVAILABLE = '55P03';
const UNDEFINED_TABLE = '42P01';

/**
 * Opens all databases at one point: while their snapshots are taken nobody can commit an event in any of them. So no
 * snapshot holds what followed from something that another one lacks, as when each were taken at its own time; and
 * what was stated and not yet heard is in the outboxes, to be stated once more.
 */
export async function openCut(places: readonly DatabasePlace[]): Promise<Cut> {
  for (let tries = 1; ; tries++) {
    try {
      return await tryCut(places);
    } catch (err) {
      const { code = '' } = err as { code?: string };
      // a long transaction, or a partition that has just gone
      const isPassing = code === LOCK_NOT_AVAILABLE || code === UNDEFINED_TABLE;
      if (!isPassing || tries === TRIES) throw err;
    }
  }
}

async function tryCut(places: readonly DatabasePlace[]): Promise<Cut> {
  await using opened = new AsyncDisposableStack();
  const readers = await Promise.all(places.map(({ url }) => openClient(opened, url)));
  // else a migration would wait for our locks, and everybody else for the migration's
  for (const reader of readers) {
    await reader.query(`SET lock_timeout = ${LOCK_MS}`);
    await holdMigrations(reader);
  }
  const point = await freeze(places, readers);
  const databases: CutDatabase[] = [];
  for (const [at, client] of readers.entries()) {
    const shape = await readShape(client);
    const names = shape.tables.map(({ name }) => escapeIdentifier(name));
    await client.query(`LOCK TABLE ${names.join()} IN ACCESS SHARE MODE`);
    databases.push({ service: places[at]?.service ?? '', client, shape });
  }
  const kept = opened.move();
  return { point, databases, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** Begins the readers' transactions while the outboxes stand still. */
async function freeze(places: readonly DatabasePlace[], readers: readonly Client[]): Promise<Date> {
  await using holding = new AsyncDisposableStack();
  const holders = await Promise.all(places.map(({ url }) => openClient(holding, url)));
  await Promise.all(
    holders.map(async (holder) => {
      await holder.query(`BEGIN; SET LOCAL lock_timeout = ${LOCK_MS}; LOCK TABLE outbox IN SHARE MODE`);
    }),
  );
  const point = new Date();
  await Promise.all(
    readers.map(async (reader) => {
      await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      // the first question takes the snapshot
      await reader.query('SELECT 1');
    }),
  );
  return point;
}

async function openClient(opened: AsyncDisposableStack, connectionString: string): Promise<Client> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 10_000 });
  // told by the next question
  client.on('error', () => undefined);
  await client.connect();
  opened.defer(() => client.end());
  return client;
}
