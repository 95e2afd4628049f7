import { afterAll, describe, expect, it } from '@jest/globals';
import { defineEvent } from '@volna/events';
import { z } from 'zod';

import { closeTwins, collect, directoryTwin, memoryTwin, natsTwin } from './testing/bus-twins.ts';

const Named = z.object({ name: z.string() });
const named = defineEvent('catalog.test.named', Named);
const other = defineEvent('catalog.test.other', Named);

afterAll(closeTwins);

for (const twin of [memoryTwin, directoryTwin, natsTwin]) {
  const suite = twin.missing === undefined ? describe : describe.skip;

  suite(`forgetting: ${twin.title}`, () => {
    it('takes the events that hold a word out of the store, and no others', async () => {
      await using site = await twin.openSite();
      const bus = await site.join();
      for (const name of ['Ann', 'Bob', 'Ann again']) await bus.publish(named, { name });
      await bus.publish(other, { name: 'Ann' });

      expect(await bus.forget([named], ['Ann', 'nobody'])).toBe(2);
      expect(await bus.forget([named], ['Ann'])).toBe(0);

      const got = collect<string>();
      await bus.consume(named, 'late', async ({ name }) => got.add(`named ${name}`));
      await bus.consume(other, 'late', async ({ name }) => got.add(`other ${name}`));
      await bus.publish(named, { name: 'Cid' });
      expect(new Set(await got.until(3))).toEqual(new Set(['named Bob', 'other Ann', 'named Cid']));
    });

    it('takes handled events and dead letters too', async () => {
      await using site = await twin.openSite();
      const bus = await site.join();
      const handled = collect<string>();
      await bus.consume(named, 'reader', async ({ name }) => handled.add(name));
      // parses for nobody: a dead letter at once
      await bus.publish(defineEvent('catalog.test.named', z.object({ word: z.string() })), { word: 'Ann' });
      for (const name of ['Ann', 'Bob']) await bus.publish(named, { name });
      await handled.until(2);

      expect(await bus.forget([named], ['Ann'])).toBe(3);

      expect(await bus.deadLetters()).toEqual([]);
      const late = collect<string>();
      await bus.consume(named, 'late', async ({ name }) => late.add(name));
      expect(await late.until(1)).toEqual(['Bob']);
    });
  });
}
