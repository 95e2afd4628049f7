import { setTimeout } from 'node:timers/promises';

import * as events from '@volna/events';
import type { EventDefinition, JobDefinition } from '@volna/events';
import type { Pool, PoolClient } from 'pg';
import { ZodError } from 'zod';

import type { Bus } from './bus.ts';
import { logger } from './log.ts';

const POLL_MS = 1_000;
const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 10_000;
const PRUNE_MS = 3_600_000;
const BATCH = 100;
/** One relay of a database publishes at a time, so that order is kept; the others stand by. */
const LOCK = 0x6f_75_74_62;

const READ = `SELECT id, subject, payload, correlation_id, occurred_at FROM outbox
  WHERE published_at IS NULL AND id <> ALL($1) ORDER BY id LIMIT ${BATCH}`;
const PRUNE = `
  DELETE FROM outbox WHERE published_at < now() - interval '1 day';
  DELETE FROM processed_message WHERE at < now() - interval '30 days'`;

type Published = EventDefinition | JobDefinition;

interface Row {
  readonly id: string;
  readonly subject: string;
  readonly payload: unknown;
  readonly correlation_id: string;
  readonly occurred_at: Date;
}

export interface RelayDeps {
  readonly db: Pool;
  readonly bus: Pick<Bus, 'publish'>;
  /** What may be published; all of `@volna/events` unless told. */
  readonly definitions?: readonly Published[];
}

export interface Relay extends AsyncDisposable {
  /** Looks for new rows now instead of within a second. Call it after the commit. */
  wake(): void;
}

const isPublished = (value: unknown): value is Published =>
  typeof value === 'object' &&
  value !== null &&
  'kind' in value &&
  (value.kind === 'event' || value.kind === 'job');

/** Publishes what the outbox of a database holds, in its order, at least once; waits for a bus that is down. */
export function startRelay({
  db,
  bus,
  definitions = Object.values<unknown>(events).filter(isPublished),
}: RelayDeps): Relay {
  const bySubject = new Map(definitions.map((definition) => [definition.subject, definition]));
  /** Rows that this version of the code cannot publish: they wait for the one that can. */
  const unfit = new Set<string>();
  const stopping = new AbortController();
  let nudge = new AbortController();
  let prunedAt = 0;

  async function publish({ id, subject, payload, correlation_id, occurred_at }: Row): Promise<void> {
    const definition = bySubject.get(subject);
    if (!definition) throw new UnknownSubjectError(subject);
    const options = { id, correlationId: correlation_id, occurredAt: occurred_at.toISOString() };
    await bus.publish(definition, payload, options);
  }

  /** Publishes up to the first failure of the bus; gives the ids, and that failure. */
  async function publishAll(rows: readonly Row[]): Promise<{ published: string[]; failure?: unknown }> {
    const published: string[] = [];
    for (const row of rows) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- in order
        await publish(row);
        published.push(row.id);
      } catch (err) {
        if (!(err instanceof ZodError) && !(err instanceof UnknownSubjectError))
          return { published, failure: err };
        logger.error({ err, outboxId: row.id, subject: row.subject }, 'outbox row cannot be published');
        unfit.add(row.id);
      }
    }
    return { published };
  }

  /** Publishes one batch; gives whether there may be more. */
  async function pass(client: PoolClient): Promise<boolean> {
    const { rows } = await client.query<Row>(READ, [[...unfit]]);
    if (rows.length === 0) return false;
    const { published, failure } = await publishAll(rows);
    await client.query('UPDATE outbox SET published_at = now(), attempts = attempts + 1 WHERE id = ANY($1)', [
      published,
    ]);
    if (failure === undefined) return rows.length === BATCH;
    await client.query('UPDATE outbox SET attempts = attempts + 1 WHERE id = $1', [
      rows[published.length]?.id,
    ]);
    throw failure;
  }

  async function run(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted;) {
      nudge = new AbortController();
      try {
        // oxlint-disable-next-line no-await-in-loop -- one batch after the other
        const more = await asOnlyRelay(db, pass);
        failures = 0;
        // oxlint-disable-next-line no-await-in-loop
        if (Date.now() - prunedAt > PRUNE_MS) await prune();
        // oxlint-disable-next-line no-await-in-loop
        if (!more) await pause(POLL_MS, AbortSignal.any([stopping.signal, nudge.signal]));
      } catch (err) {
        logger.warn({ err, failures }, 'outbox waits');
        // oxlint-disable-next-line no-await-in-loop
        await pause(Math.min(FIRST_RETRY_MS * 2 ** failures++, LAST_RETRY_MS), stopping.signal);
      }
    }
  }

  async function prune(): Promise<void> {
    prunedAt = Date.now();
    await db.query(PRUNE);
  }

  const ended = run();
  return {
    wake: () => nudge.abort(),
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await ended;
    },
  };
}

/** A row of the outbox is of a subject that this code does not know. */
class UnknownSubjectError extends Error {
  override name = 'UnknownSubjectError';
}

/** Runs a pass while no other process runs one; the lock ends with the connection, whatever happens. */
async function asOnlyRelay(db: Pool, run: (client: PoolClient) => Promise<boolean>): Promise<boolean> {
  const client = await db.connect();
  let broken = true;
  try {
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [
      LOCK,
    ]);
    if (!rows[0]?.taken) {
      broken = false;
      return false;
    }
    try {
      return await run(client);
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [LOCK]);
      broken = false;
    }
  } finally {
    client.release(broken);
  }
}

const pause = (ms: number, signal: AbortSignal) =>
  setTimeout(ms, undefined, { signal }).catch(() => undefined);
