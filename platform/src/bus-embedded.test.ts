import { appendFile, readFile, stat } from 'node:fs/promises';

import { describe, expect, it } from '@jest/globals';
import { defineEvent, defineJob } from '@volna/events';
import { z } from 'zod';

import { EmbeddedBus } from './bus-embedded.ts';
import { MAX_DELIVERIES } from './bus.ts';
import { openScratch } from './scratch.ts';
import { collect } from './testing/bus-twins.ts';

const Numbered = z.object({ n: z.number(), filler: z.string().optional() });
const stated = defineEvent('catalog.test.stated', Numbered);
const led = defineEvent('search.test.led', Numbered);
const ordered = defineJob('jobs.test', Numbered);

const NUMBERS = Array.from({ length: 50 }, (_, n) => n);

/** Directories, and buses in them that are all closed at the end. */
async function openPlace() {
  const stack = new AsyncDisposableStack();
  const scratch = stack.use(await openScratch());
  const directory = scratch.path('bus');
  return {
    file: `${directory}/bus.jsonl`,
    /** A second bus in the directory is what comes after a crash of the first: that one says no goodbye. */
    open: async (options = {}) => stack.use(await EmbeddedBus.open({ directory, backOffMs: 2, ...options })),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

describe('an EmbeddedBus that is idle', () => {
  it('has handled everything, and what that led to', async () => {
    await using bus = await EmbeddedBus.open({ backOffMs: 2 });
    const got: number[] = [];
    await bus.consume(stated, 'first', ({ n }) => bus.publish(led, { n }));
    await bus.consume(led, 'second', async ({ n }, { delivery }) => {
      if (delivery < 3) throw new Error('not yet');
      got.push(n);
    });

    for (const n of [1, 2]) await bus.publish(stated, { n });
    await bus.idle();

    expect(new Set(got)).toEqual(new Set([1, 2]));
  });

  it('has given up what cannot be handled', async () => {
    await using bus = await EmbeddedBus.open({ backOffMs: 1 });
    await bus.consume(ordered, 'worker', () => Promise.reject(new Error('never works')));

    await bus.publish(ordered, { n: 1 });
    await bus.idle();

    expect(await bus.deadLetters()).toHaveLength(1);
  });

  it('has handled once what was published while its consumers came', async () => {
    await using place = await openPlace();
    const bus = await place.open();
    const got: number[] = [];
    const take = () => bus.consume(stated, 'reader', async ({ n }) => void got.push(n), { concurrency: 5 });

    const published = NUMBERS.map((n) => bus.publish(stated, { n }));
    const consumers = [1, 2, 3].map(take);
    await Promise.all([...published, ...consumers]);
    await bus.idle();

    expect(got.toSorted((a, b) => a - b)).toEqual(NUMBERS);
  });

  it('does not wait for what nobody consumes', async () => {
    await using bus = await EmbeddedBus.open();
    await bus.publish(ordered, { n: 1 });
    await bus.idle();

    const got = collect<number>();
    await bus.consume(ordered, 'late', async ({ n }) => got.add(n));
    await bus.idle();
    expect(got.items).toEqual([1]);
  });
});

describe('an EmbeddedBus that is opened after a crash', () => {
  it('hands out again what was not handled, and only that', async () => {
    await using place = await openPlace();
    const before = await place.open();
    const handled = collect<number>();
    const stuck = Promise.withResolvers<void>();
    await before.consume(stated, 'reader', async ({ n }) => handled.add(n));
    await before.consume(ordered, 'worker', ({ n }) => (n === 1 ? Promise.resolve() : stuck.promise));
    await before.publish(stated, { n: 1 });
    for (const n of [1, 2, 3]) await before.publish(ordered, { n });
    await handled.until(1);

    const after = await place.open();
    const again = collect<string>();
    await after.consume(stated, 'reader', async ({ n }) => again.add(`event ${n}`));
    await after.consume(ordered, 'worker', async ({ n }, { delivery }) => again.add(`job ${n}/${delivery}`));
    await after.idle();

    expect(again.items).toEqual(['job 2/2', 'job 3/1']);
    stuck.resolve();
  });

  it('keeps what was published while a consumer was away', async () => {
    await using place = await openPlace();
    const before = await place.open();
    const consumer = await before.consume(stated, 'reader', async () => undefined);
    await consumer[Symbol.asyncDispose]();
    for (const n of NUMBERS) await before.publish(stated, { n });

    const after = await place.open();
    const got = collect<number>();
    await after.consume(stated, 'reader', async ({ n }) => got.add(n));

    expect(await got.until(NUMBERS.length)).toEqual(NUMBERS);
  });

  it('gives up a message that ends each process that handles it', async () => {
    await using place = await openPlace();
    const gate = Promise.withResolvers<void>();
    const got = collect<number>();
    for (let run = 1; run <= MAX_DELIVERIES; run++) {
      const bus = await place.open();
      await bus.consume(ordered, 'worker', async (_data, { delivery }) => {
        got.add(delivery);
        await gate.promise;
      });
      if (run === 1) await bus.publish(ordered, { n: 1 });
      await got.until(run);
    }

    const last = await place.open();
    await last.consume(ordered, 'worker', async (_data, { delivery }) => got.add(delivery));
    await last.idle();

    expect(got.items).toEqual(Array.from({ length: MAX_DELIVERIES }, (_, before) => before + 1));
    expect(await last.deadLetters()).toMatchObject([
      { data: { n: 1 }, reason: expect.stringContaining('ended') },
    ]);
    gate.resolve();
  });

  it('passes over a last line that was not written to its end', async () => {
    await using place = await openPlace();
    const before = await place.open();
    await before.publish(ordered, { n: 1 });
    const text = await readFile(place.file, 'utf8');
    await appendFile(place.file, text.slice(0, text.length / 2).replaceAll('\n', ''));

    const after = await place.open();
    await after.publish(ordered, { n: 2 });
    const last = await place.open();
    const got = collect<number>();
    await last.consume(ordered, 'worker', async ({ n }) => got.add(n));
    await last.idle();

    expect(got.items).toEqual([1, 2]);
  });

  it('passes over a line that is damaged', async () => {
    await using place = await openPlace();
    const before = await place.open();
    await before.publish(ordered, { n: 1 });
    await appendFile(place.file, '{"kind":"mess\0age"}\n');

    const after = await place.open();
    const got = collect<number>();
    await after.consume(ordered, 'worker', async ({ n }) => got.add(n));
    await after.idle();

    expect(got.items).toEqual([1]);
  });

  it('still knows the ids of what was handled, and the dead letters', async () => {
    await using place = await openPlace();
    const before = await place.open({ backOffMs: 1 });
    await before.consume(ordered, 'worker', async ({ n }) => {
      if (n === 2) throw new Error('never works');
    });
    await before.publish(ordered, { n: 1 }, { id: 'one' });
    await before.publish(ordered, { n: 2 }, { id: 'two' });
    await before.idle();

    await place.open();
    const after = await place.open();
    const got = collect<number>();
    await after.consume(ordered, 'worker', async ({ n }) => got.add(n));
    await after.publish(ordered, { n: 1 }, { id: 'one' });
    await after.idle();
    expect(got.items).toEqual([]);

    const [letter] = await after.deadLetters();
    expect(letter).toMatchObject({ messageId: 'two', reason: 'never works', deliveries: MAX_DELIVERIES });
    expect(await after.replayDeadLetter(letter?.id ?? '')).toBe(true);
    await after.idle();
    expect(got.items).toEqual([2]);
  });
});

describe("an EmbeddedBus's journal", () => {
  it('shrinks when it is opened', async () => {
    await using place = await openPlace();
    const before = await place.open();
    await before.consume(ordered, 'worker', async () => undefined);
    for (const n of NUMBERS) await before.publish(ordered, { n, filler: 'x'.repeat(1_000) });
    await before.idle();
    await before[Symbol.asyncDispose]();
    expect((await stat(place.file)).size).toBeGreaterThan(50_000);

    await place.open();

    expect((await stat(place.file)).size).toBeLessThan(10_000);
  });

  it('shrinks while it is written, and loses nothing', async () => {
    await using place = await openPlace();
    const bus = await place.open({ compactBytes: 20_000 });
    const got = collect<number>();
    const gate = Promise.withResolvers<void>();
    await bus.consume(
      ordered,
      'worker',
      async ({ n }) => {
        if (n === 0) await gate.promise;
        got.add(n);
      },
      { concurrency: 2 },
    );
    for (const n of NUMBERS) {
      await bus.publish(ordered, { n, filler: 'x'.repeat(1_000) });
      await got.until(n);
    }
    expect((await stat(place.file)).size).toBeLessThan(45_000);

    const after = await place.open();
    const again = collect<number>();
    await after.consume(ordered, 'worker', async ({ n }) => again.add(n));
    await after.idle();
    expect(again.items).toContain(0);
    gate.resolve();
  });
});
