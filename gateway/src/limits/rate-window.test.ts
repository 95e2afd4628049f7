import { describe, expect, it } from '@jest/globals';

import { RateWindow, WINDOW_MS } from './rate-window.ts';

const LIMIT = { requests: 10, cost: 1000 };
const one = { requests: 1, cost: 0 };
const start = WINDOW_MS * 1000;

/** Takes as often as it may; gives how often that was. */
function takeAll(window: RateWindow, now: number): number {
  let taken = 0;
  while (window.take(one, LIMIT, now) === 0) taken += 1;
  return taken;
}

describe('a window of a minute', () => {
  it('lets through as much as the limit, and says exactly when there is more', () => {
    const window = new RateWindow(start);
    expect(takeAll(window, start + 15_000)).toBe(10);
    const wait = window.take(one, LIMIT, start + 15_000);
    const then = start + 15_000 + wait;
    expect(window.take(one, LIMIT, then - 1000)).toBeGreaterThan(0);
    expect(window.take(one, LIMIT, then)).toBe(0);
  });

  it('lets no more through around the end of a minute than within one', () => {
    const window = new RateWindow(start);
    expect(takeAll(window, start + 59_000)).toBe(10);
    expect(takeAll(window, start + 60_000)).toBe(0);
    expect(takeAll(window, start + 90_000)).toBe(5);
    expect(takeAll(window, start + 119_000)).toBe(4);
  });

  it('counts costs beside requests', () => {
    const window = new RateWindow(start);
    expect(window.take({ requests: 0, cost: 900 }, LIMIT, start)).toBe(0);
    expect(window.take({ requests: 0, cost: 101 }, LIMIT, start)).toBeGreaterThan(0);
    expect(window.take({ requests: 0, cost: 100 }, LIMIT, start)).toBe(0);
    expect(window.take(one, LIMIT, start)).toBe(0);
  });

  it('forgets all after two minutes', () => {
    const window = new RateWindow(start);
    takeAll(window, start);
    expect(takeAll(window, start + 2 * WINDOW_MS)).toBe(10);
  });

  it('gives a number to those who may do nothing at all', () => {
    const none = { requests: 0, cost: 0 };
    expect(new RateWindow(start).take(one, none, start + 20_000)).toBe(40_000);
  });
});
