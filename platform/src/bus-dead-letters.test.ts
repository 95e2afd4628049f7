import { afterAll, describe, expect, it } from '@jest/globals';
import { defineEvent, defineJob } from '@volna/events';
import { z } from 'zod';

import { MAX_DELIVERIES } from './bus.ts';
import { withCorrelationId } from './log.ts';
import { closeTwins, collect, directoryTwin, memoryTwin, natsTwin } from './testing/bus-twins.ts';

const Numbered = z.object({ n: z.number() });
const stated = defineEvent('catalog.test.stated', Numbered);
const ordered = defineJob('jobs.test', Numbered);
/** The same subject as `stated` in a release that knows it otherwise. */
const statedOtherwise = defineEvent('catalog.test.stated', z.object({ word: z.string() }));

afterAll(closeTwins);

for (const twin of [memoryTwin, directoryTwin, natsTwin]) {
  const suite = twin.missing === undefined ? describe : describe.skip;

  suite(`dead letters: ${twin.title}`, () => {
    it('gives a message up after its last delivery and says why', async () => {
      await using site = await twin.openSite();
      const bus = await site.join();
      const got = collect<number>();
      const after = collect<number>();
      await bus.consume(ordered, 'worker', async ({ n }, { delivery }) => {
        if (n === 2) return after.add(n);
        got.add(delivery);
        throw new Error('never works');
      });

      await withCorrelationId('asked', () => bus.publish(ordered, { n: 1 }, { id: 'poison' }));
      await got.until(MAX_DELIVERIES);
      await bus.publish(ordered, { n: 2 });
      await after.until(1);

      const letter = {
        id: expect.any(String),
        subject: 'jobs.test',
        consumer: 'worker',
        messageId: 'poison',
        reason: 'never works',
        deliveries: MAX_DELIVERIES,
        failedAt: expect.any(String),
        correlationId: 'asked',
        data: { n: 1 },
      };
      expect(await bus.deadLetters()).toEqual([letter]);
      expect(got.items).toEqual(Array.from({ length: MAX_DELIVERIES }, (_, before) => before + 1));
    });

    it('tries a message as often as its consumer asked for, after pauses of its own', async () => {
      await using site = await twin.openSite();
      const bus = await site.join();
      const got = collect<string>();
      const retry = { deliveries: MAX_DELIVERIES + 2, pauseMs: 1, longestPauseMs: 2 };
      const handle = async ({ n }: { n: number }, { delivery }: { delivery: number }) => {
        got.add(`${n}/${delivery}`);
        if (n === 1) throw new Error('never works');
      };
      await bus.consume(ordered, 'patient', handle, { retry });

      await bus.publish(ordered, { n: 1 });
      await got.until(retry.deliveries);
      await bus.publish(ordered, { n: 2 });
      await got.until(retry.deliveries + 1);

      expect(got.items).toEqual([
        ...Array.from({ length: retry.deliveries }, (_, at) => `1/${at + 1}`),
        '2/1',
      ]);
      expect(await bus.deadLetters()).toMatchObject([{ deliveries: retry.deliveries }]);
    });

    it('gives a message up at once when its data does not parse', async () => {
      await using site = await twin.openSite();
      const bus = await site.join();
      const got = collect<number>();
      await bus.consume(stated, 'reader', async ({ n }) => got.add(n));

      await bus.publish(statedOtherwise, { word: 'new' }, { id: 'unknown' });
      await bus.publish(stated, { n: 1 });
      await got.until(1);

      const [letter, ...others] = await bus.deadLetters();
      expect(others).toEqual([]);
      expect(letter).toMatchObject({ messageId: 'unknown', deliveries: 1, data: { word: 'new' } });
      expect(letter?.reason).toMatch(/^not a message of catalog\.test\.stated/);
    });

    it('replays a dead letter to its consumer alone, once', async () => {
      await using site = await twin.openSite();
      const bus = await site.join();
      const got = collect<string>();
      let mended = false;
      for (const name of ['good', 'bad']) {
        await bus.consume(stated, name, async ({ n }, { id }) => {
          got.add(`${name} ${n} ${id}`);
          if (name === 'bad' && n === 1 && !mended) throw new Error('broken');
        });
      }
      await bus.publish(stated, { n: 1 }, { id: 'letter' });
      await got.until(1 + MAX_DELIVERIES);
      // an event later the first is settled
      await bus.publish(stated, { n: 2 }, { id: 'after' });
      await got.until(3 + MAX_DELIVERIES);
      const [letter] = await bus.deadLetters();
      got.items.length = 0;
      mended = true;

      expect(await bus.replayDeadLetter(letter?.id ?? '')).toBe(true);
      await got.until(1);
      expect(await bus.replayDeadLetter(letter?.id ?? '')).toBe(false);

      await bus.publish(stated, { n: 3 }, { id: 'last' });
      await got.until(3);
      expect(got.items.toSorted()).toEqual(['bad 1 letter', 'bad 3 last', 'good 3 last']);
      expect(await bus.deadLetters()).toEqual([]);
    });
  });
}
