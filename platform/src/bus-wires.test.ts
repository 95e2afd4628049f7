import { afterAll, describe, expect, it } from '@jest/globals';
import { defineRequest, defineSignal } from '@volna/events';
import { z } from 'zod';

import { BusAnswerError, BusTimeoutError } from './bus.ts';
import { closeTwins, collect, directoryTwin, memoryTwin, natsTwin } from './testing/bus-twins.ts';

const Numbered = z.object({ n: z.number() });
const moved = defineSignal('signal.test.moved', Numbered);
const doubled = defineRequest('request.test.double', Numbered, Numbered);

const NUMBERS = Array.from({ length: 20 }, (_, n) => n);

afterAll(closeTwins);

for (const twin of [memoryTwin, directoryTwin, natsTwin]) {
  const suite = twin.missing === undefined ? describe : describe.skip;

  suite(`signals and requests: ${twin.title}`, () => {
    it('signals to each listener, until it listens no more', async () => {
      await using site = await twin.openSite();
      const bus = await site.join();
      const [stays, leaves] = [collect<number>(), collect<number>()];
      await bus.listen(moved, ({ n }) => stays.add(n));
      const leaving = await bus.listen(moved, ({ n }) => leaves.add(n));

      bus.signal(moved, { n: 1 });
      await Promise.all([stays.until(1), leaves.until(1)]);
      await leaving[Symbol.asyncDispose]();
      bus.signal(moved, { n: 2 });

      expect(await stays.until(2)).toEqual([1, 2]);
      expect(leaves.items).toEqual([1]);
    });

    it('goes on signalling when a listener throws', async () => {
      await using site = await twin.openSite();
      const bus = await site.join();
      const got = collect<number>();
      await bus.listen(moved, () => {
        throw new Error('no ear');
      });
      await bus.listen(moved, ({ n }) => got.add(n));

      for (const n of [1, 2]) bus.signal(moved, { n });

      expect(await got.until(2)).toEqual([1, 2]);
    });

    it('brings a question to one of a group and its answer back', async () => {
      await using site = await twin.openSite();
      const bus = await site.join();
      const asked = collect<number>();
      for (const _ of [1, 2]) {
        await bus.answer(doubled, 'doublers', async ({ n }) => {
          asked.add(n);
          return { n: 2 * n };
        });
      }

      const answers = await Promise.all(NUMBERS.map((n) => bus.request(doubled, { n })));

      expect(answers).toEqual(NUMBERS.map((n) => ({ n: 2 * n })));
      expect(asked.items).toHaveLength(NUMBERS.length);
    });

    it('waits for who answers, as long as the time allows', async () => {
      await using site = await twin.openSite();
      const bus = await site.join();

      const answer = bus.request(doubled, { n: 4 }, 10_000);
      await bus.answer(doubled, 'doublers', async ({ n }) => ({ n: 2 * n }));

      expect(await answer).toEqual({ n: 8 });
    });

    it('says that nobody answered in time', async () => {
      await using site = await twin.openSite();
      const bus = await site.join();
      await expect(bus.request(doubled, { n: 1 }, 50)).rejects.toThrow(BusTimeoutError);

      await bus.answer(doubled, 'sleepers', () => new Promise(() => undefined));
      await expect(bus.request(doubled, { n: 1 }, 50)).rejects.toThrow(BusTimeoutError);
    });

    it('says that an answer failed', async () => {
      await using site = await twin.openSite();
      const bus = await site.join();
      await bus.answer(doubled, 'doublers', async () => {
        throw new Error('cannot count');
      });

      const answer = bus.request(doubled, { n: 1 });
      await expect(answer).rejects.toThrow(BusAnswerError);
      await expect(answer).rejects.toThrow(/cannot count/);
    });
  });
}
