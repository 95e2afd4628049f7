import { describe, expect, it } from '@jest/globals';

import { Outgoing } from './bus-nats-outgoing.ts';

const closed = (): Promise<string> => {
  throw new Error('two');
};

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('what one turn of the event loop sends', () => {
  it('goes out at its end, in order, whatever becomes of one of them', async () => {
    const outgoing = new Outgoing();
    const sent: number[] = [];
    outgoing.later(() => sent.push(1));
    outgoing.later(() => {
      throw new Error('closed');
    });
    await Promise.resolve();
    outgoing.later(() => sent.push(2));
    expect(sent).toEqual([]);
    await turn();
    expect(sent).toEqual([1, 2]);
  });

  it('is followed by what that gives rise to, a turn later', async () => {
    const outgoing = new Outgoing();
    const sent: number[] = [];
    outgoing.later(() => outgoing.later(() => sent.push(2)));
    outgoing.later(() => sent.push(1));
    await turn();
    await turn();
    expect(sent).toEqual([1, 2]);
  });

  it('gives each asker its own answer', async () => {
    const outgoing = new Outgoing();
    const answers = [outgoing.ask(async () => 'one'), outgoing.ask(closed)];
    expect(await Promise.allSettled(answers)).toMatchObject([
      { value: 'one' },
      { reason: { message: 'two' } },
    ]);
  });

  it('goes at once when it is told to', () => {
    const outgoing = new Outgoing();
    const sent: number[] = [];
    outgoing.later(() => sent.push(1));
    outgoing.flush();
    expect(sent).toEqual([1]);
  });
});
