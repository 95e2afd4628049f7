import { createHash } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DataOf, operationsRun } from '@volna/events';
import { EmbeddedBus } from '@volna/platform/bus-embedded';

import { signToken, startToyGateway, type ToyGateway } from '../testing/gateway.ts';
import { known } from '../testing/live.ts';

type Lines = DataOf<typeof operationsRun>['operations'];

describe('the operation log', () => {
  let bus: EmbeddedBus;
  let gateway: ToyGateway;
  const lines: Lines = [];

  beforeAll(async () => {
    bus = await EmbeddedBus.open();
    await bus.consume(operationsRun, 'test', async ({ operations }) => void lines.push(...operations));
    gateway = await startToyGateway({ operationLog: { bus, share: 1 } });
  });
  afterAll(() => bus[Symbol.asyncDispose]());

  async function ask(body: object, token?: string): Promise<void> {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
    await response.text();
  }

  it('says who asked what, what it cost, and how it ended', async () => {
    const query = 'query One($id: ID!) { track(id: $id) { title } }';
    await ask({ query, operationName: 'One', variables: { id: known.track } }, await signToken());
    await ask({ query: '{ nothing }' });
    await gateway[Symbol.asyncDispose]();
    await bus.idle();

    const [first, second] = lines;
    expect(first).toMatchObject({
      name: 'One',
      hash: createHash('sha256').update(query).digest('hex'),
      userId: known.user,
      status: 'OK',
      errorCode: null,
      cost: expect.any(Number),
      ms: expect.any(Number),
    });
    expect(second).toMatchObject({
      name: null,
      userId: null,
      status: 'ERROR',
      errorCode: 'GRAPHQL_VALIDATION_FAILED',
    });
    expect(JSON.stringify(lines)).not.toContain(known.track);
    expect(lines).toHaveLength(2);
  });
});
