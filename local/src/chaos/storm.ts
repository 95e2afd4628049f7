import { setTimeout as pause } from 'node:timers/promises';

import type { Random } from '../demo/random.ts';

/** Something that a storm takes away, again and again, and brings back each time. */
export interface Victim {
  readonly name: string;
  /** How long it is left alone between two strikes, at least and at most. */
  readonly everyMs: readonly [number, number];
  /** How long it stays away. */
  readonly awayMs: readonly [number, number];
  kill(): Promise<void>;
  start(): Promise<void>;
}

export interface Storm extends AsyncDisposable {
  /** False once it is ended, or something does not come back. */
  isRaging(): boolean;
  /** How often each victim was struck so far. */
  readonly strikes: ReadonlyMap<string, number>;
  /** Resolves when everything is back. */
  end(): Promise<void>;
}

/** Strikes its victims at random times, each for itself, until it is ended; `slowness` times as seldom as they say. */
export function startStorm(victims: readonly Victim[], random: Random, slowness = 1): Storm {
  const over = new AbortController();
  const strikes = new Map(victims.map(({ name }) => [name, 0]));
  const between = ([least, most]: readonly [number, number]) => least + (most - least) * random();
  const wait = (ms: number) => pause(ms, undefined, { signal: over.signal }).catch(() => undefined);

  const strikeAgain = async (victim: Victim) => {
    for (;;) {
      await wait(slowness * between(victim.everyMs));
      if (over.signal.aborted) return;
      await victim.kill();
      strikes.set(victim.name, (strikes.get(victim.name) ?? 0) + 1);
      await wait(between(victim.awayMs));
      await victim.start();
    }
  };
  const raging = Promise.all(victims.map(strikeAgain));
  // one that does not come back ends the storm for all, and is told to whoever ends it
  raging.catch(() => over.abort());
  const end = async () => {
    over.abort();
    await raging;
  };
  return { isRaging: () => !over.signal.aborted, strikes, end, [Symbol.asyncDispose]: end };
}
