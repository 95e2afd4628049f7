import { describe, expect, it } from '@jest/globals';
import { type EventDefinition, type JobDefinition, defineEvent } from '@volna/events';
import type { Pool } from 'pg';
import { z } from 'zod';

import type { PublishOptions } from './bus.ts';
import { openPool } from './database.ts';
import { createDeferred } from './deferred.ts';
import { withCorrelationId } from './log.ts';
import { once } from './once.ts';
import { startRelay } from './outbox-relay.ts';
import { type OutboxRow, outboxRow } from './outbox.ts';
import { openTestDatabase } from './testing/database.ts';

const songSung = defineEvent('test.song.sung', z.object({ number: z.number() }));
const TABLES = `
  CREATE TABLE outbox (id text PRIMARY KEY, subject text NOT NULL, payload jsonb NOT NULL,
    correlation_id text NOT NULL, occurred_at timestamptz(3) NOT NULL, published_at timestamptz(3),
    attempts int NOT NULL DEFAULT 0);
  CREATE TABLE processed_message (consumer text, id text, at timestamptz(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, id));
  CREATE TABLE sung (number int)`;

async function openDatabase() {
  const database = await openTestDatabase();
  const db = openPool(database.url);
  await db.query(TABLES);
  return {
    db,
    async [Symbol.asyncDispose]() {
      await db.end();
      await database[Symbol.asyncDispose]();
    },
  };
}

async function insert(db: Pick<Pool, 'query'>, ...rows: readonly OutboxRow[]): Promise<void> {
  await db.query(
    `INSERT INTO outbox (id, subject, payload, correlation_id, occurred_at)
     SELECT id, subject, payload, "correlationId", "occurredAt" FROM json_to_recordset($1)
     AS row(id text, subject text, payload jsonb, "correlationId" text, "occurredAt" timestamptz)`,
    [JSON.stringify(rows)],
  );
}

/** A bus that writes down what it is given and fails as often as it is told; `seen(n)` waits for n messages. */
function createRecorder(failures = 0) {
  const messages: { subject: string; data: unknown; options: PublishOptions }[] = [];
  const waiting: { count: number; reached: () => void }[] = [];
  let left = failures;
  return {
    messages,
    seen(count: number): Promise<void> {
      const { promise, resolve } = createDeferred<void>();
      waiting.push({ count, reached: resolve });
      return messages.length >= count ? Promise.resolve() : promise;
    },
    async publish(definition: EventDefinition | JobDefinition, data: unknown, options: PublishOptions = {}) {
      if (left-- > 0) throw new Error('the bus is down');
      messages.push({ subject: definition.subject, data: definition.data.parse(data), options });
      for (const { count, reached } of waiting) if (messages.length >= count) reached();
    },
  };
}

const sing = (number: number) => outboxRow(songSung, { number });
const definitions = [songSung];

describe('the outbox relay', () => {
  it('publishes rows in their order with their ids, and marks them', async () => {
    await using opened = await openDatabase();
    const { db } = opened;
    const rows = Array.from({ length: 250 }, (_none, number) =>
      withCorrelationId(`c${number}`, () => sing(number)),
    );
    await insert(db, ...rows);
    const bus = createRecorder();
    {
      await using _relay = startRelay({ db, bus, definitions });
      await bus.seen(250);
    }
    expect(bus.messages.map(({ data }) => data)).toEqual(rows.map(({ payload }) => payload));
    expect(bus.messages[7]?.options).toEqual({
      id: rows[7]?.id,
      correlationId: 'c7',
      occurredAt: rows[7]?.occurredAt.toISOString(),
    });
    const left = await db.query('SELECT 1 FROM outbox WHERE published_at IS NULL OR attempts <> 1');
    expect(left.rows).toEqual([]);
  });

  it('publishes nothing of a transaction that is rolled back', async () => {
    await using opened = await openDatabase();
    const { db } = opened;
    const client = await db.connect();
    await client.query('BEGIN');
    await insert(client, sing(1));
    await client.query('ROLLBACK');
    client.release();
    const bus = createRecorder();
    await using relay = startRelay({ db, bus, definitions });
    await insert(db, sing(2));
    relay.wake();
    await bus.seen(1);
    expect(bus.messages.map(({ data }) => data)).toEqual([{ number: 2 }]);
  });

  it('waits for a bus that is down and loses nothing', async () => {
    await using opened = await openDatabase();
    const { db } = opened;
    await insert(db, sing(1), sing(2));
    const bus = createRecorder(2);
    {
      await using _relay = startRelay({ db, bus, definitions });
      await bus.seen(2);
    }
    expect(bus.messages.map(({ data }) => data)).toEqual([{ number: 1 }, { number: 2 }]);
    const { rows } = await db.query('SELECT attempts FROM outbox ORDER BY id');
    expect(rows).toEqual([{ attempts: 3 }, { attempts: 1 }]);
  });

  it('lets a row that it cannot publish hold up nobody', async () => {
    await using opened = await openDatabase();
    const { db } = opened;
    const unknown = { ...sing(1), subject: 'test.unknown' };
    const unfit = { ...sing(2), payload: { number: 'two' } };
    await insert(db, unknown, unfit, sing(3));
    const bus = createRecorder();
    {
      await using _relay = startRelay({ db, bus, definitions });
      await bus.seen(1);
    }
    expect(bus.messages.map(({ data }) => data)).toEqual([{ number: 3 }]);
    const { rows } = await db.query('SELECT id FROM outbox WHERE published_at IS NULL ORDER BY id');
    expect(rows).toEqual([{ id: unknown.id }, { id: unfit.id }]);
  });

  it('publishes each row once beside another relay', async () => {
    await using opened = await openDatabase();
    const { db } = opened;
    await insert(db, ...Array.from({ length: 300 }, (_none, number) => sing(number)));
    const bus = createRecorder();
    {
      await using _first = startRelay({ db, bus, definitions });
      await using _second = startRelay({ db, bus, definitions });
      await bus.seen(300);
    }
    const numbers = bus.messages.map(({ data }) => data);
    expect(numbers).toEqual(Array.from({ length: 300 }, (_none, number) => ({ number })));
  });

  it('forgets what it published long ago', async () => {
    await using opened = await openDatabase();
    const { db } = opened;
    await insert(db, sing(1), sing(2));
    await db.query(
      "UPDATE outbox SET published_at = now() - interval '2 days' WHERE payload = '{\"number\":1}'",
    );
    await db.query(
      "INSERT INTO processed_message VALUES ('old', '1', now() - interval '31 days'), ('new', '2', now())",
    );
    const bus = createRecorder();
    {
      await using _relay = startRelay({ db, bus, definitions });
      await bus.seen(1);
    }
    expect((await db.query('SELECT payload FROM outbox')).rows).toEqual([{ payload: { number: 2 } }]);
    expect((await db.query('SELECT consumer FROM processed_message')).rows).toEqual([{ consumer: 'new' }]);
  });
});

/** As much of a Prisma client as `once` needs. */
function asPrisma(db: Pool) {
  return {
    async $transaction<Result>(run: (tx: Transaction) => Promise<Result>): Promise<Result> {
      const client = await db.connect();
      try {
        await client.query('BEGIN');
        const result = await run({ query: (sql) => client.query(sql), processedMessage: { createMany } });
        await client.query('COMMIT');
        return result;
      } catch (err) {
        await client.query('ROLLBACK');
        throw err;
      } finally {
        client.release();
      }

      async function createMany({ data }: { data: { consumer: string; id: string }[] }) {
        const sql = `INSERT INTO processed_message (consumer, id)
          SELECT consumer, id FROM json_to_recordset($1) AS row(consumer text, id text) ON CONFLICT DO NOTHING`;
        const { rowCount } = await client.query(sql, [JSON.stringify(data)]);
        return { count: rowCount ?? 0 };
      }
    },
  };
}

interface Transaction {
  query(sql: string): Promise<unknown>;
  processedMessage: {
    createMany(args: { data: { consumer: string; id: string }[] }): Promise<{ count: number }>;
  };
}

const countSung = async (db: Pool) => (await db.query('SELECT 1 FROM sung')).rowCount;
const singIt = async (tx: Transaction) => {
  await tx.query('INSERT INTO sung VALUES (1)');
};

describe('once', () => {
  it('handles one message once for each consumer, also when it comes twice at a time', async () => {
    await using opened = await openDatabase();
    const prisma = asPrisma(opened.db);
    const deliveries = [1, 2, 3].map(() => once(prisma, 'choir', { id: 'm1' }, singIt));
    expect((await Promise.all(deliveries)).filter(Boolean)).toEqual([true]);
    expect(await once(prisma, 'choir', { id: 'm1' }, singIt)).toBe(false);
    expect(await once(prisma, 'band', { id: 'm1' }, singIt)).toBe(true);
    expect(await countSung(opened.db)).toBe(2);
  });

  it('handles a message again whose handling failed', async () => {
    await using opened = await openDatabase();
    const prisma = asPrisma(opened.db);
    const failing = once(prisma, 'choir', { id: 'm1' }, async (tx) => {
      await singIt(tx);
      throw new Error('hoarse');
    });
    await expect(failing).rejects.toThrow('hoarse');
    expect(await countSung(opened.db)).toBe(0);
    expect(await once(prisma, 'choir', { id: 'm1' }, singIt)).toBe(true);
  });
});
