import { describe, expect, it } from '@jest/globals';

import { SlowReaderError, type StreamSink, createStream } from './stream.ts';

const DONE = { done: true, value: undefined };

function openSample(capacity?: number) {
  const log: string[] = [];
  let sink: StreamSink<number> | undefined;
  const stream = createStream<number>(async (given) => {
    log.push('opened');
    sink = given;
    return {
      async [Symbol.asyncDispose]() {
        log.push('released');
      },
    };
  }, capacity);
  return { stream, log, sink: () => sink as StreamSink<number> };
}

describe('a stream', () => {
  it('opens when it is first read and keeps the order, whoever is first', async () => {
    const { stream, log, sink } = openSample();
    expect(log).toEqual([]);
    const [first, second] = [stream.next(), stream.next()];
    for (const value of [1, 2, 3, 4]) sink().push(value);
    expect([await first, await second, await stream.next()].map(({ value }) => value)).toEqual([1, 2, 3]);
  });

  it('gives what was pushed before its end', async () => {
    const { stream, log, sink } = openSample();
    const first = stream.next();
    sink().push(1);
    sink().push(2);
    sink().end();
    expect([await first, await stream.next(), await stream.next()]).toEqual([
      { done: false, value: 1 },
      { done: false, value: 2 },
      DONE,
    ]);
    expect(log).toEqual(['opened', 'released']);
  });

  it('drops what waits and releases its source when its reader leaves', async () => {
    const { stream, log, sink } = openSample();
    const pending = stream.next();
    await stream.return?.();
    sink().push(1);
    expect([await pending, await stream.next()]).toEqual([DONE, DONE]);
    expect(log).toEqual(['opened', 'released']);
  });

  it('tells its reader once of a failed opening', async () => {
    const stream = createStream<number>(() => Promise.reject(new Error('no source')));
    await expect(stream.next()).rejects.toThrow('no source');
    expect(await stream.next()).toEqual(DONE);
  });

  it('gives up a reader that is too slow', async () => {
    const { stream, log, sink } = openSample(2);
    const first = stream.next();
    for (const value of [1, 2, 3, 4]) sink().push(value);
    expect((await first).value).toBe(1);
    expect([(await stream.next()).value, (await stream.next()).value]).toEqual([2, 3]);
    await expect(stream.next()).rejects.toThrow(SlowReaderError);
    expect(log).toEqual(['opened', 'released']);
  });
});
