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
const ANY = 'SELECT FROM outbox WHERE published_at IS NULL LIMIT 1';
const MARK = 'UPDATE outbox SET published_at = now(), attempts = attempts + 1 WHERE id = ANY($1)';
/** A broker that has lost its store gets again what the outbox still has; consumers know what they have handled. */
const REPEAT = 'UPDATE outbox SET published_at = NULL WHERE published_at < $1';
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

/** What a pass has published, and what ended it. */
interface Passed {
  readonly published: readonly string[];
  readonly failed?: { readonly id: string; readonly reason: unknown };
}

export interface RelayDeps {
  readonly db: Pool;
  readonly bus: Pick<Bus, 'publish' | 'bornAt'>;
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

const PUBLISHABLE = Object.values<unknown>(events).filter(isPublished);

/** Publishes what the outbox of a database holds, events in their order, at least once; waits for a bus that is down. */
export function startRelay({ db, bus, definitions = PUBLISHABLE }: RelayDeps): Relay {
  return new OutboxRelay(db, bus, definitions);
}

class OutboxRelay implements Relay {
  readonly #db: Pool;
  readonly #bus: Pick<Bus, 'publish' | 'bornAt'>;
  readonly #definitions: ReadonlyMap<string, Published>;
  /** Rows that this version of the code cannot publish: they wait for the one that can. */
  readonly #unfit = new Set<string>();
  readonly #stopping = new AbortController();
  #nudge = new AbortController();
  #prunedAt = 0;
  #bornAt: Date | undefined;
  readonly #ended: Promise<void>;

  constructor(db: Pool, bus: Pick<Bus, 'publish' | 'bornAt'>, definitions: readonly Published[]) {
    this.#db = db;
    this.#bus = bus;
    this.#definitions = new Map(definitions.map((definition) => [definition.subject, definition]));
    this.#ended = this.#run();
  }

  wake(): void {
    this.#nudge.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#ended;
  }

  async #run(): Promise<void> {
    const stopping = this.#stopping.signal;
    let woken = true;
    for (let failures = 0; !stopping.aborted;) {
      this.#nudge = new AbortController();
      try {
        // oxlint-disable no-await-in-loop -- one batch after the other
        const isDue: boolean = woken || (await this.#isDue());
        const more: boolean = isDue && (await asOnlyRelay(this.#db, (client) => this.#pass(client)));
        // oxlint-enable no-await-in-loop
        failures = 0;
        // oxlint-disable-next-line no-await-in-loop
        if (Date.now() - this.#prunedAt > PRUNE_MS) await this.#prune();
        // oxlint-disable-next-line no-await-in-loop
        if (!more) await pause(POLL_MS, AbortSignal.any([stopping, this.#nudge.signal]));
        woken = more || this.#nudge.signal.aborted;
      } catch (err) {
        woken = true;
        logger.warn({ err, failures }, 'outbox waits');
        // oxlint-disable-next-line no-await-in-loop
        await pause(Math.min(FIRST_RETRY_MS * 2 ** failures++, LAST_RETRY_MS), stopping);
      }
    }
  }

  /** Whether a pass that nobody has asked for would find something; cheaper than the lock that a pass takes. */
  async #isDue(): Promise<boolean> {
    if (this.#isRepeatDue()) return true;
    const { rowCount } = await this.#db.query(ANY);
    return rowCount === 1;
  }

  /** Publishes one batch; gives whether there may be more. */
  async #pass(client: PoolClient): Promise<boolean> {
    await this.#repeatLost(client);
    const { rows } = await client.query<Row>(READ, [[...this.#unfit]]);
    if (rows.length === 0) return false;
    const { published, failed } = await this.#publishAll(rows);
    await client.query(MARK, [published]);
    if (!failed) return rows.length === BATCH;
    await client.query('UPDATE outbox SET attempts = attempts + 1 WHERE id = $1', [failed.id]);
    throw failed.reason;
  }

  #isRepeatDue(): boolean {
    return this.#bus.bornAt?.getTime() !== this.#bornAt?.getTime();
  }

  async #repeatLost(client: PoolClient): Promise<void> {
    if (!this.#isRepeatDue()) return;
    const { bornAt } = this.#bus;
    const { rowCount } = await client.query(REPEAT, [bornAt]);
    if (rowCount) logger.warn({ rowCount, bornAt }, 'the broker began anew: what it had is published again');
    this.#bornAt = bornAt;
  }

  /** Publishes jobs, which know no order among themselves, together, and all else beside them one by one. */
  async #publishAll(rows: readonly Row[]): Promise<Passed> {
    const [jobs, others] = [new Array<Row>(), new Array<Row>()];
    for (const row of rows) (this.#definitions.get(row.subject)?.kind === 'job' ? jobs : others).push(row);
    const passed = await Promise.all([
      this.#publishInOrder(others),
      ...jobs.map((job) => this.#publishInOrder([job])),
    ]);
    const failed = passed.find((each) => each.failed)?.failed;
    return { published: passed.flatMap(({ published }) => published), ...(failed && { failed }) };
  }

  /** Publishes up to the first failure of the bus. */
  async #publishInOrder(rows: readonly Row[]): Promise<Passed> {
    const published: string[] = [];
    for (const row of rows) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- in order
        await this.#publish(row);
        published.push(row.id);
      } catch (err) {
        const isUnfit = err instanceof ZodError || err instanceof UnknownSubjectError;
        if (!isUnfit) return { published, failed: { id: row.id, reason: err } };
        logger.error({ err, outboxId: row.id, subject: row.subject }, 'outbox row cannot be published');
        this.#unfit.add(row.id);
      }
    }
    return { published };
  }

  async #publish({ id, subject, payload, correlation_id, occurred_at }: Row): Promise<void> {
    const definition = this.#definitions.get(subject);
    if (!definition) throw new UnknownSubjectError(subject);
    const options = { id, correlationId: correlation_id, occurredAt: occurred_at.toISOString() };
    await this.#bus.publish(definition, payload, options);
  }

  async #prune(): Promise<void> {
    this.#prunedAt = Date.now();
    await this.#db.query(PRUNE);
  }
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
