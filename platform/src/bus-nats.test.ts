import { randomUUID } from 'node:crypto';

import { afterAll, describe, expect, it } from '@jest/globals';
import { defineEvent, defineJob } from '@volna/events';
import { connect } from 'nats';
import { z } from 'zod';

import { NatsBus } from './bus-nats.ts';
import { closeTwins, collect, natsTwin, openMortalBroker } from './testing/bus-twins.ts';

const Numbered = z.object({ n: z.number() });
const stated = defineEvent('catalog.test.stated', Numbered);
const ordered = defineJob('jobs.test', Numbered);

const NUMBERS = Array.from({ length: 20 }, (_, n) => n);
const QUICK = { prefix: 'test', backOffMs: 5, publishTimeoutMs: 300 };

const suite = natsTwin.missing === undefined ? describe : describe.skip;
const reason = natsTwin.missing === undefined ? '' : ` (skipped: ${natsTwin.missing})`;

afterAll(closeTwins);

suite(`several processes on one NatsBus${reason}`, () => {
  it('share the jobs', async () => {
    await using site = await natsTwin.openSite();
    const got = collect<number>();
    const workers = [collect<number>(), collect<number>()];
    for (const worker of workers) {
      const bus = await site.join();
      await bus.consume(ordered, 'worker', async ({ n }) => {
        worker.add(n);
        got.add(n);
        // neither goes on before both have one
        await Promise.all(workers.map((each) => each.until(1)));
      });
    }

    const sender = await site.join();
    for (const n of NUMBERS) await sender.publish(ordered, { n });

    expect((await got.until(NUMBERS.length)).toSorted((a, b) => a - b)).toEqual(NUMBERS);
  });

  it('ask for all their hands at once', async () => {
    await using broker = await openMortalBroker();
    const eavesdropper = await connect({ servers: broker.url });
    const asked: unknown[] = [];
    eavesdropper.subscribe('$JS.API.CONSUMER.MSG.NEXT.>', {
      callback: (_err, message) => asked.push(message.json<{ batch: number }>().batch),
    });
    await eavesdropper.flush();
    await using bus = await NatsBus.connect(broker.url, QUICK);
    const got = collect<number>();
    await bus.consume(ordered, 'worker', async ({ n }) => got.add(n), { concurrency: 100 });

    for (const n of NUMBERS) {
      await bus.publish(ordered, { n });
      await got.until(n + 1);
    }
    await eavesdropper.flush();
    await eavesdropper.close();

    expect(asked[0]).toBe(100);
    expect(asked.slice(1)).toEqual(NUMBERS.slice(0, asked.length - 1).map(() => 1));
  });

  it('take over a message of which its process gives no sign of life', async () => {
    await using broker = await openMortalBroker();
    const silent = await connect({ servers: broker.url });
    await using bus = await NatsBus.connect(broker.url, { ...QUICK, ackWaitMs: 200 });
    const first = await bus.consume(ordered, 'worker', async () => undefined);
    await first[Symbol.asyncDispose]();
    await bus.publish(ordered, { n: 1 });
    // a process that takes the message and dies
    await (await silent.jetstream().consumers.get('test_JOBS', 'all_jobs_test')).next();
    await silent.close();

    const got = collect<number>();
    await bus.consume(ordered, 'worker', async (_data, { delivery }) => got.add(delivery));

    expect(await got.until(1)).toEqual([2]);
  });

  it('leave a message alone while its handler lives, however long it takes', async () => {
    await using broker = await openMortalBroker();
    await using bus = await NatsBus.connect(broker.url, { ...QUICK, ackWaitMs: 150 });
    const got = collect<number>();
    await bus.consume(
      ordered,
      'worker',
      async (_data, { delivery }) => {
        got.add(delivery);
        // several times as long as an unheard-of consumer would be given
        await new Promise((resolve) => void setTimeout(resolve, 700));
      },
      { concurrency: 2 },
    );
    await bus.publish(ordered, { n: 1 });
    await got.until(1);
    await bus[Symbol.asyncDispose]();

    expect(got.items).toEqual([1]);
  });

  it('share nothing when their prefixes differ', async () => {
    await using broker = await openMortalBroker();
    await using one = await NatsBus.connect(broker.url, { ...QUICK, prefix: 'one' });
    await using two = await NatsBus.connect(broker.url, { ...QUICK, prefix: 'two' });
    const got = collect<string>();
    await one.consume(stated, 'reader', async ({ n }) => got.add(`one ${n}`));
    await two.consume(stated, 'reader', async ({ n }) => got.add(`two ${n}`));

    await one.publish(stated, { n: 1 });
    await two.publish(stated, { n: 2 });

    expect((await got.until(2)).toSorted()).toEqual(['one 1', 'two 2']);
  });

  it('give up a message that is no envelope, with its text', async () => {
    await using broker = await openMortalBroker();
    await using bus = await NatsBus.connect(broker.url, QUICK);
    const stranger = await connect({ servers: broker.url });
    await stranger.jetstream().publish('test.catalog.test.stated', 'not { json');
    await stranger.close();
    const got = collect<number>();
    await bus.consume(stated, 'reader', async ({ n }) => got.add(n));
    await bus.publish(stated, { n: 1 });
    await got.until(1);

    expect(await bus.deadLetters()).toMatchObject([{ messageId: '', data: 'not { json', deliveries: 1 }]);
  });
});

suite(`a NatsBus whose broker is killed${reason}`, () => {
  it('keeps what was published, and goes on by itself when the broker is back', async () => {
    await using broker = await openMortalBroker();
    await using bus = await NatsBus.connect(broker.url, QUICK);
    const got = collect<number>();
    const gate = Promise.withResolvers<void>();
    await bus.consume(ordered, 'worker', async ({ n }) => {
      if (n === 0) await gate.promise;
      got.add(n);
    });
    for (const n of NUMBERS) await bus.publish(ordered, { n });

    await broker.kill();
    await expect(bus.publish(ordered, { n: 100 })).rejects.toThrow(/TIMEOUT|503/);
    await broker.start();
    gate.resolve();

    const seen = await got.until(NUMBERS.length);
    expect(new Set(seen)).toEqual(new Set(NUMBERS));
  });

  it('makes its streams and consumers anew when the broker has forgotten them', async () => {
    await using broker = await openMortalBroker();
    await using bus = await NatsBus.connect(broker.url, QUICK);
    const got = collect<number>();
    await bus.consume(ordered, 'worker', async ({ n }) => got.add(n));
    await bus.publish(ordered, { n: 1 });
    await got.until(1);
    const { bornAt } = bus;
    expect(bornAt.getTime()).toBeLessThanOrEqual(Date.now());

    await broker.kill();
    await broker.start();
    await publishAtLast(bus, 2);
    expect(bus.bornAt).toEqual(bornAt);
    // what nobody has taken yet goes with the store
    await got.until(2);

    await broker.kill();
    await broker.start('another-store');
    await publishAtLast(bus, 3);
    expect(new Set(await got.until(3))).toEqual(new Set([1, 2, 3]));
    expect(bus.bornAt.getTime()).toBeGreaterThan(bornAt.getTime());
  });

  it('rejects what a broker does not take in time, and takes it once when it is tried again', async () => {
    await using broker = await openMortalBroker();
    await using bus = await NatsBus.connect(broker.url, QUICK);
    const got = collect<number>();
    await bus.consume(ordered, 'worker', async ({ n }) => got.add(n));

    broker.freeze();
    // the signal may arrive a message later
    let n = 0;
    const untilRefused = async (): Promise<never> => {
      await bus.publish(ordered, { n: ++n }, { id: `id-${n}` });
      return untilRefused();
    };
    await expect(untilRefused()).rejects.toThrow(/TIMEOUT/);
    broker.thaw();
    await bus.publish(ordered, { n }, { id: `id-${n}` });
    await bus.publish(ordered, { n: n + 1 });

    expect(await got.until(n + 1)).toEqual(Array.from({ length: n + 1 }, (_, at) => at + 1));
  });

  it('closes while the broker is away', async () => {
    await using broker = await openMortalBroker();
    const bus = await NatsBus.connect(broker.url, QUICK);
    await bus.consume(ordered, 'worker', async () => undefined);
    await broker.kill();

    await expect(bus[Symbol.asyncDispose]()).resolves.toBeUndefined();
  });

  it('says so when there is no broker to connect to', async () => {
    await expect(NatsBus.connect('nats://127.0.0.1:1', { connectTimeoutMs: 1 })).rejects.toThrow(/REFUSED/);
  });
});

/** What the outbox relay does: the same id until it is stored. */
async function publishAtLast(bus: NatsBus, n: number, id = randomUUID()): Promise<void> {
  try {
    await bus.publish(ordered, { n }, { id });
  } catch {
    await publishAtLast(bus, n, id);
  }
}
