import { describe, expect, it } from '@jest/globals';

import { keepInStep, openServerClock, placeAt, type Told } from './keep-in-step.ts';

/** xorshift32: the same network each time. */
function dice(seed: number) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

const STEP_MS = 250;

interface Site {
  readonly seed: number;
  /** How far its clock is off, and by which share it runs faster than the server's. */
  readonly offsetMs: number;
  readonly skew: number;
  /** By which share its sound card runs faster. */
  readonly card: number;
}

/** A player with a clock, a sound card and a network of its own; `tick` is called with the server's time. */
function aPlayer({ seed, offsetMs, skew, card }: Site) {
  const random = dice(seed);
  const clock = openServerClock();
  const own = (server: number) => server * (1 + skew) + offsetMs;
  /** Ways take 5 to 60 ms, one in ten up to a second, and differ there and back. */
  const way = () => 5 + random() * 55 + (random() < 0.1 ? random() * 1_000 : 0);
  let told: Told | undefined;
  const mail: { due: number; told: Told }[] = [];
  let [heardMs, rate, lastSeekMs, seekingUntil, asked] = [0, 1, 0, 0, 0];

  function ask(server: number): void {
    asked++;
    const [there, back] = [way(), way()];
    clock.note({ sentAt: own(server - there - back), at: server - back, receivedAt: own(server) });
  }

  return {
    heard: () => heardMs,
    tell: (server: number, news: Told) => void mail.push({ due: server + way(), told: news }),
    tick(server: number): void {
      if (asked < 8 || server % 10_000 === 0) ask(server);
      for (const letter of mail.splice(0)) {
        if (letter.due <= server) told = letter.told;
        else mail.push(letter);
      }
      if (told?.isPlaying && server >= seekingUntil) heardMs += STEP_MS * rate * (1 + card);
      const serverNow = clock.at(own(server));
      if (!told || serverNow === null || server < seekingUntil) return;
      const correction = keepInStep(told, { heardMs, serverNow, seekTakesMs: lastSeekMs });
      rate = correction.rate;
      if (correction.seekToMs === undefined) return;
      // a seek takes as long as it takes, and lands near where it was sent
      lastSeekMs = 50 + random() * 250;
      seekingUntil = server + lastSeekMs;
      heardMs = correction.seekToMs + (random() - 0.5) * 160;
    },
  };
}

describe('players with clocks of their own', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('come within 50 ms of one another and stay there (%i)', (seed) => {
    const alice = aPlayer({ seed, offsetMs: 613_000, skew: 180e-6, card: -250e-6 });
    const bob = aPlayer({ seed: seed * 7919, offsetMs: -95_000, skew: -150e-6, card: 300e-6 });
    const apart: number[] = [];
    let told: Told = { positionMs: 0, at: 0, isPlaying: true };
    let changedAt = 0;
    const change = (server: number, news: Told) => {
      told = news;
      changedAt = server;
      for (const player of [alice, bob]) player.tell(server, news);
    };
    change(0, told);
    for (let server = STEP_MS; server <= 600_000; server += STEP_MS) {
      if (server === 200_000) change(server, { positionMs: 5_000, at: server, isPlaying: true });
      if (server === 400_000) change(server, { positionMs: 90_000, at: server, isPlaying: false });
      if (server === 420_000) change(server, { positionMs: 90_000, at: server, isPlaying: true });
      for (const player of [alice, bob]) player.tick(server);
      if (!told.isPlaying || server - changedAt < 15_000) continue;
      apart.push(Math.abs(alice.heard() - bob.heard()));
      expect(Math.abs(alice.heard() - placeAt(told, server))).toBeLessThan(100);
    }
    expect(Math.max(...apart)).toBeLessThan(50);
  });
});

describe('a correction', () => {
  const told = { positionMs: 10_000, at: 1_000, isPlaying: true };

  it.each([
    [20_000, { rate: 1 }],
    [19_990, { rate: 1 }],
    [19_960, { rate: 1.02 }],
    [20_040, { rate: 0.98 }],
    [19_600, { rate: 1.05 }],
    [20_400, { rate: 0.95 }],
    [18_000, { rate: 1, seekToMs: 20_200 }],
    [40_000, { rate: 1, seekToMs: 20_200 }],
  ])('of a player at %i of 20,000 ms', (heardMs, correction) => {
    expect(keepInStep(told, { heardMs, serverNow: 11_000, seekTakesMs: 200 })).toEqual(correction);
  });

  it('leaves a player that is silent where it is, unless it is far off', () => {
    const paused = { ...told, isPlaying: false };
    expect(keepInStep(paused, { heardMs: 10_400, serverNow: 99_000 })).toEqual({ rate: 1 });
    expect(keepInStep(paused, { heardMs: 0, serverNow: 99_000, seekTakesMs: 200 })).toEqual({
      rate: 1,
      seekToMs: 10_000,
    });
  });
});

describe('the server’s clock', () => {
  it('is not known before an answer, and then by the quickest one', () => {
    const clock = openServerClock();
    expect(clock.at(0)).toBeNull();
    clock.note({ sentAt: 1_000, receivedAt: 1_020, at: 61_012 });
    clock.note({ sentAt: 2_000, receivedAt: 3_000, at: 62_900 });
    expect(clock.at(3_000)).toBe(63_002);
  });
});
