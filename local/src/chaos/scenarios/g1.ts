import { readFile, rm } from 'node:fs/promises';

import { makeTune } from '../../testing/audio.ts';
import type { Deployment } from '../../testing/deployment.ts';
import { leftInScratch } from '../left-in-scratch.ts';
import { openSite } from '../open-site.ts';
import type { Scenario } from '../scenario.ts';
import type { Victim } from '../storm.ts';
import { CALM_MS, say, weatherStorm } from '../weather-storm.ts';

/** Sounds are as short as they may be for all that is done to a song: what is tried is what becomes of work, not how much it is. */
const SHORTEST_SECONDS = 3;
const LONGEST_SECONDS = 6;
/** So many people send; what is in processing when the storm ends is theirs, one track each. */
const SENDERS = 16;
/** An upload, from its first request to READY, on two cores that have nothing else to do. */
const USUAL_MS = 5_000;
/** G3: who comes again is told the last state so soon. */
const LAST_STATE_MS = 2_000;

/** 200 uploads while workers, the broker and the database are killed at random. */
export const g1: Scenario = {
  id: 'G1',
  fault: 'workers, broker, database and catalog are killed at random during uploads',
  async run({ programs, random, uploads, tell }) {
    await using site = await openSite({ programs });
    const { volna } = site;
    const makeFile = async (nth: number) => {
      const seconds = SHORTEST_SECONDS + (nth % (LONGEST_SECONDS - SHORTEST_SECONDS + 1));
      const tune = { name: `tune-${nth}`, format: 'flac', seconds, root: 110 + nth } as const;
      const file = await makeTune(programs.ffmpeg, volna.directory, tune);
      const bytes = await readFile(file);
      await rm(file);
      return bytes;
    };
    const victims = victimsOf(volna);
    const seen = await weatherStorm(site, {
      uploads,
      senders: SENDERS,
      usualMs: USUAL_MS,
      makeFile,
      victims,
      random,
      isEnough: ({ strikes }) =>
        victims.every(({ name, strikes: least }) => (strikes.get(name) ?? 0) >= least),
      tell,
    });
    const dead = volna.entries.filter((entry) => !entry.isRunning());
    const problems = [
      ...seen.problems,
      ...dead.map((entry) => `${entry.name} has ended by itself: ${entry.said().slice(-500)}`),
      ...(await leftInScratch(volna)),
    ];
    if (seen.endedMs >= CALM_MS) problems.push('a minute after the storm not all tracks had ended');
    if (seen.lastStateMs > LAST_STATE_MS)
      problems.push(`a client waited ${seen.lastStateMs} ms for the last state`);
    const failed = Object.entries(seen.failed).map(([code, count]) => `${count} FAILED(${code})`);
    return {
      happened: [
        `killed in ${Math.round(seen.stormMs / 1000)} s, times stretched by ${seen.slowness.toFixed(1)}: ${say(seen.strikes)}`,
        `${uploads} uploads: ${[`${seen.ready} READY`, ...failed].join(', ')}`,
        `${seen.retries} tries again, ${seen.hindrances} requests sent again, ${seen.disconnects} disconnects`,
        `last state within ${seen.lastStateMs} ms`,
      ].join('; '),
      recoveryMs: seen.orderMs,
      problems,
    };
  },
};

interface G1Victim extends Victim {
  /** How often it is struck, at least. */
  readonly strikes: number;
}

function victimsOf(volna: Deployment): G1Victim[] {
  const own = (
    name: string,
    strikes: number,
    everyMs: Victim['everyMs'],
    awayMs: Victim['awayMs'],
  ): G1Victim => ({
    name,
    strikes,
    everyMs,
    awayMs,
    kill: () => volna.entry(name).kill(),
    start: async () => void (await volna.start(name)),
  });
  const { nats, postgres } = volna.servers;
  return [
    own('transcode', 12, [6_000, 20_000], [0, 1_000]),
    own('analyze', 12, [6_000, 20_000], [0, 1_000]),
    own('catalog', 3, [30_000, 60_000], [0, 2_000]),
    {
      name: 'broker',
      strikes: 6,
      everyMs: [15_000, 30_000],
      awayMs: [0, 5_000],
      kill: () => nats.kill(),
      start: () => nats.start(),
    },
    {
      name: 'database',
      strikes: 6,
      everyMs: [20_000, 40_000],
      awayMs: [0, 5_000],
      kill: () => postgres.kill(),
      start: () => postgres.start(),
    },
  ];
}
