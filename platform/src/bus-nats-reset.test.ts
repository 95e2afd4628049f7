import { describe, expect, it } from '@jest/globals';
import { defineEvent } from '@volna/events';
import { z } from 'zod';

import { resetNatsBus } from './bus-nats-reset.ts';
import { NatsBus } from './bus-nats.ts';
import { collect } from './testing/bus-twins.ts';
import { binaryForTests, openNatsServer } from './testing/servers.ts';

const stated = defineEvent('catalog.test.stated', z.object({ n: z.number() }));
const nats = await binaryForTests('nats-server');
const suite = typeof nats === 'string' ? describe.skip : describe;

suite(`a bus that is emptied${typeof nats === 'string' ? ` (skipped: ${nats})` : ''}`, () => {
  it('knows nothing of what was stated, and takes the same message anew', async () => {
    if (typeof nats === 'string') return;
    await using server = await openNatsServer(nats);
    const publish = async (n: number) => {
      await using bus = await NatsBus.connect(server.url);
      await bus.publish(stated, { n }, { id: `message-${n}` });
    };
    await publish(1);
    await publish(2);
    await resetNatsBus(server.url);
    await publish(2);

    await using bus = await NatsBus.connect(server.url);
    const got = collect<number>();
    await bus.consume(stated, 'late', async ({ n }) => got.add(n));
    expect(await got.until(1)).toEqual([2]);
    // a broker that has nothing to forget
    await resetNatsBus(server.url);
    await resetNatsBus(server.url);
  });
});
