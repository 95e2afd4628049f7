import { describe, expect, it } from '@jest/globals';
import { defineJob, type EventDefinition, type JobDefinition } from '@volna/events';
import type { Pool } from 'pg';
import { z } from 'zod';

import { EmbeddedBus } from './bus-embedded.ts';
import type { PublishOptions } from './bus.ts';
import { createDeferred } from './deferred.ts';
import { withCorrelationId } from './log.ts';
import { once } from './once.ts';
import { startRelay } from './outbox-relay.ts';
import { outboxRow } from './outbox.ts';
import {
  asPrisma,
  countSung,
  insertRows,
  openSongDatabase,
  sing,
  singIt,
  songSung,
} from './testing/songs.ts';

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

const definitions = [songSung];

describe('the outbox relay', () => {
  it('publishes rows in their order with their ids, and marks them', async () => {
    await using opened = await openSongDatabase();
    const { db } = opened;
    const rows = Array.from({ length: 250 }, (_none, number) =>
      withCorrelationId(`c${number}`, () => sing(number)),
    );
    await insertRows(db, ...rows);
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
    await using opened = await openSongDatabase();
    const { db } = opened;
    const client = await db.connect();
    await client.query('BEGIN');
    await insertRows(client, sing(1));
    await client.query('ROLLBACK');
    client.release();
    const bus = createRecorder();
    await using relay = startRelay({ db, bus, definitions });
    await insertRows(db, sing(2));
    relay.wake();
    await bus.seen(1);
    expect(bus.messages.map(({ data }) => data)).toEqual([{ number: 2 }]);
  });

  it('publishes again to a broker that began anew what the one before had, once', async () => {
    await using opened = await openSongDatabase();
    const { db } = opened;
    await insertRows(db, sing(1), sing(2));
    const bus = { ...createRecorder(), bornAt: new Date(0) };
    await using relay = startRelay({ db, bus, definitions });
    await bus.seen(2);
    await relay[Symbol.asyncDispose]();

    bus.bornAt = new Date(Date.now() + 1);
    await using other = startRelay({ db, bus, definitions });
    await bus.seen(4);
    await insertRows(db, sing(3));
    other.wake();
    await bus.seen(5);
    expect(bus.messages.map(({ data }) => data)).toEqual([1, 2, 1, 2, 3].map((number) => ({ number })));
  });

  it('waits for a bus that is down and loses nothing', async () => {
    await using opened = await openSongDatabase();
    const { db } = opened;
    await insertRows(db, sing(1), sing(2));
    const bus = createRecorder(2);
    {
      await using _relay = startRelay({ db, bus, definitions });
      await bus.seen(2);
    }
    expect(bus.messages.map(({ data }) => data)).toEqual([{ number: 1 }, { number: 2 }]);
    const { rows } = await db.query('SELECT attempts FROM outbox ORDER BY id');
    expect(rows).toEqual([{ attempts: 3 }, { attempts: 1 }]);
  });

  it('publishes jobs together, without waiting for one another or for events', async () => {
    await using opened = await openSongDatabase();
    const { db } = opened;
    const job = defineJob('test.song.rehearsed', z.object({ number: z.number() }));
    const jobs = [1, 2, 3].map((number) => outboxRow(job, { number }));
    await insertRows(db, sing(0), ...jobs);
    const together = createDeferred<void>();
    const under: unknown[] = [];
    const bus = {
      async publish({ kind }: EventDefinition | JobDefinition, data: unknown) {
        under.push(data);
        if (under.length === 4) together.resolve();
        await together.promise;
        if (kind === 'job' && (data as { number: number }).number === 2) throw new Error('refused');
      },
    };
    {
      await using _relay = startRelay({ db, bus, definitions: [songSung, job] });
      await together.promise;
    }
    const { rows } = await db.query('SELECT id FROM outbox WHERE published_at IS NULL');
    expect(rows).toEqual([{ id: jobs[1]?.id }]);
  });

  it('lets a row that it cannot publish hold up nobody', async () => {
    await using opened = await openSongDatabase();
    const { db } = opened;
    const unknown = { ...sing(1), subject: 'test.unknown' };
    const unfit = { ...sing(2), payload: { number: 'two' } };
    await insertRows(db, unknown, unfit, sing(3));
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
    await using opened = await openSongDatabase();
    const { db } = opened;
    await insertRows(db, ...Array.from({ length: 300 }, (_none, number) => sing(number)));
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
    await using opened = await openSongDatabase();
    const { db } = opened;
    await insertRows(db, sing(1), sing(2));
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

/** Relays over a bus that remembers nothing; gives whether the consumer handled what came first. */
async function relayOnce(db: Pool): Promise<boolean> {
  await using bus = await EmbeddedBus.open();
  const handled = createDeferred<boolean>();
  await using _consumer = await bus.consume(songSung, 'choir', async (_data, delivery) => {
    handled.resolve(await once(asPrisma(db), 'choir', delivery, singIt));
  });
  await using _relay = startRelay({ db, bus, definitions });
  return handled.promise;
}

describe('outbox, relay and bus together', () => {
  it('do once what is published twice', async () => {
    await using opened = await openSongDatabase();
    const { db } = opened;
    await insertRows(db, sing(1));
    expect(await relayOnce(db)).toBe(true);
    // as a crash between the publishing and its note leaves it
    await db.query('UPDATE outbox SET published_at = NULL');
    expect(await relayOnce(db)).toBe(false);
    expect(await countSung(db)).toBe(1);
  });
});
