import { afterAll, describe, expect, it } from '@jest/globals';
import { defineEvent, defineJob } from '@volna/events';
import { z } from 'zod';

import type { Delivery } from './bus.ts';
import { correlationId, withCorrelationId } from './log.ts';
import { closeTwins, collect, directoryTwin, memoryTwin, natsTwin } from './testing/bus-twins.ts';

const Numbered = z.object({ n: z.number() });
type Numbered = z.infer<typeof Numbered>;
const stated = defineEvent('catalog.test.stated', Numbered);
const led = defineEvent('search.test.led', Numbered);
const ordered = defineJob('jobs.test', Numbered);

const NUMBERS = Array.from({ length: 20 }, (_, n) => n);

afterAll(closeTwins);

for (const twin of [memoryTwin, directoryTwin, natsTwin]) {
  const suite = twin.missing === undefined ? describe : describe.skip;

  suite(`events and jobs: ${twin.title}`, () => {
    it('hands an event to each consumer, with what its sender said of it', async () => {
      await using site = await twin.openSite();
      const bus = await site.join();
      const got = collect<{ data: Numbered; delivery: Delivery; correlation: string }>();
      for (const name of ['one', 'two']) {
        await bus.consume(stated, name, async (data, delivery) => {
          got.add({ data, delivery, correlation: correlationId() });
        });
      }

      const occurredAt = '2026-01-02T03:04:05.000Z';
      await withCorrelationId('asked', () => bus.publish(stated, { n: 7 }, { id: 'the-id', occurredAt }));

      const expected = {
        data: { n: 7 },
        delivery: { id: 'the-id', occurredAt, correlationId: 'asked', delivery: 1 },
        correlation: 'asked',
      };
      expect(await got.until(2)).toEqual([expected, expected]);
    });

    it('hands an event to one of the consumers that share a name', async () => {
      await using site = await twin.openSite();
      const bus = await site.join();
      const got = collect<number>();
      for (const _ of [1, 2]) await bus.consume(stated, 'same', async ({ n }) => got.add(n));

      for (const n of NUMBERS) await bus.publish(stated, { n });

      await got.until(NUMBERS.length);
      await bus[Symbol.asyncDispose]();
      expect(got.items.toSorted((a, b) => a - b)).toEqual(NUMBERS);
    });

    it('hands a job to one consumer in all, whatever their names', async () => {
      await using site = await twin.openSite();
      const bus = await site.join();
      const got = collect<number>();
      for (const name of ['one', 'two']) await bus.consume(ordered, name, async ({ n }) => got.add(n));

      for (const n of NUMBERS) await bus.publish(ordered, { n });

      await got.until(NUMBERS.length);
      await bus[Symbol.asyncDispose]();
      expect(got.items.toSorted((a, b) => a - b)).toEqual(NUMBERS);
    });

    it('keeps a job until there is a consumer, and an event for a name that is new', async () => {
      await using site = await twin.openSite();
      const bus = await site.join();
      await bus.publish(ordered, { n: 1 });
      await bus.publish(stated, { n: 2 });

      const got = collect<number>();
      await bus.consume(ordered, 'late', async ({ n }) => got.add(n));
      await bus.consume(stated, 'late', async ({ n }) => got.add(n));

      expect(new Set(await got.until(2))).toEqual(new Set([1, 2]));
    });

    it('gives one consumer no more at a time than it asks for', async () => {
      await using site = await twin.openSite();
      const bus = await site.join();
      const started = collect<number>();
      const gate = Promise.withResolvers<void>();
      let [running, most] = [0, 0];
      const handle = async ({ n }: Numbered) => {
        most = Math.max(most, ++running);
        started.add(n);
        await gate.promise;
        running--;
      };
      await bus.consume(ordered, 'worker', handle, { concurrency: 3 });

      for (const n of NUMBERS) await bus.publish(ordered, { n });
      await started.until(3);
      gate.resolve();

      await started.until(NUMBERS.length);
      expect(most).toBe(3);
    });

    it('hands a message to its consumer again when the handler throws', async () => {
      await using site = await twin.openSite();
      const bus = await site.join();
      const got = collect<Delivery>();
      const other = collect<number>();
      await bus.consume(stated, 'other', async (_data, { delivery }) => other.add(delivery));
      await bus.consume(stated, 'failing', async (_data, delivery) => {
        got.add(delivery);
        if (delivery.delivery < 3) throw new Error('not yet');
      });

      await bus.publish(stated, { n: 1 }, { id: 'same' });

      const deliveries = await got.until(3);
      expect(deliveries.map(({ id, delivery }) => [id, delivery])).toEqual([
        ['same', 1],
        ['same', 2],
        ['same', 3],
      ]);
      await bus[Symbol.asyncDispose]();
      expect(other.items).toEqual([1]);
    });

    it('handles other messages while one waits for its next delivery', async () => {
      await using site = await twin.openSite();
      const bus = await site.join();
      const got = collect<string>();
      await bus.consume(ordered, 'worker', async ({ n }, { delivery }) => {
        got.add(`${n}/${delivery}`);
        if (n === 1 && delivery < 4) throw new Error('not yet');
      });

      await bus.publish(ordered, { n: 1 });
      await bus.publish(ordered, { n: 2 });

      const order = await got.until(5);
      expect(order.indexOf('2/1')).toBeLessThan(order.indexOf('1/4'));
    });

    it('stores messages of one id once', async () => {
      await using site = await twin.openSite();
      const bus = await site.join();
      const got = collect<number>();
      await bus.consume(stated, 'reader', async ({ n }) => got.add(n));

      for (const n of [1, 2]) await bus.publish(stated, { n }, { id: 'same' });
      await bus.publish(stated, { n: 3 });

      expect(await got.until(2)).toEqual([1, 3]);
    });

    it('refuses to publish data that its definition does not allow', async () => {
      await using site = await twin.openSite();
      const bus = await site.join();

      await expect(bus.publish(stated, { n: 'one' } as never)).rejects.toThrow(/expected number/);
    });

    it('lets a handler end before it closes', async () => {
      await using site = await twin.openSite();
      const bus = await site.join();
      const [begun, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const steps: string[] = [];
      const consumer = await bus.consume(ordered, 'worker', async () => {
        begun.resolve();
        await gate.promise;
        steps.push('handled');
      });
      await bus.publish(ordered, { n: 1 });
      await begun.promise;

      const closed = consumer[Symbol.asyncDispose]().then(() => steps.push('closed'));
      gate.resolve();
      await closed;

      expect(steps).toEqual(['handled', 'closed']);
    });

    it('leaves what a closed consumer has not taken to the next one', async () => {
      await using site = await twin.openSite();
      const bus = await site.join();
      const first = await bus.consume(ordered, 'worker', async () => undefined);
      await first[Symbol.asyncDispose]();
      await bus.publish(ordered, { n: 1 });

      const got = collect<number>();
      await bus.consume(ordered, 'worker', async ({ n }) => got.add(n));

      expect(await got.until(1)).toEqual([1]);
    });

    it('publishes from a handler what a further one gets', async () => {
      await using site = await twin.openSite();
      const bus = await site.join();
      const got = collect<[number, string]>();
      await bus.consume(stated, 'first', ({ n }) => bus.publish(led, { n: n + 1 }));
      await bus.consume(led, 'second', async ({ n }, delivery) => got.add([n, delivery.correlationId]));

      await withCorrelationId('asked', () => bus.publish(stated, { n: 1 }));

      expect(await got.until(1)).toEqual([[2, 'asked']]);
    });
  });
}
