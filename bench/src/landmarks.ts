import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { dice } from './dice.ts';
import { type Benchmark, median } from './figure.ts';
import { openFolder } from './folder.ts';
import { makeClips, makeIndex, makeShares } from './landmarks/make-index.ts';

const SIZES = [658, 10_000, 100_000] as const;
const CLIPS = 20;
const SEED = 20_261_121;
const LIMIT_MS = 30;
const MIN_VOTES = 10;

/**
 * A look-up of a clip of five seconds by its landmarks, in libraries of three sizes. Their landmarks are made up, as
 * frequent as those of music are; 100,000 tracks would be 20 GB of real ones. Files are in the system's cache.
 */
export const measureLandmarks: Benchmark = async ({ rounds, tell }) => {
  await using folder = await openFolder();
  const shares = makeShares();
  const medians: number[] = [];
  for (const size of SIZES) {
    tell(`making landmarks of ${size} tracks`);
    const chance = dice(SEED + size);
    const clips = makeClips(shares, size, CLIPS, chance);
    const path = join(folder.path, String(size));
    await mkdir(path);
    await using index = await makeIndex(path, size, shares, clips, chance);
    const times: number[] = [];
    for (let round = 0; round <= rounds; round++)
      for (const { landmarks, track } of clips) {
        const began = performance.now();
        const [best] = await index.find(landmarks, MIN_VOTES);
        // the first round fills the system's cache
        if (round > 0) times.push(performance.now() - began);
        if (best?.key !== `track ${track}`) throw new Error(`found ${best?.key} for track ${track}`);
      }
    medians.push(median(times));
  }
  const [small = NaN, middle = NaN, large = NaN] = medians;
  return [
    { name: `landmarks: clip, ${SIZES[0]} tracks`, unit: 'ms', ours: small, peer: null, limit: LIMIT_MS },
    // as many times longer as there are more tracks would be linear
    {
      name: `landmarks: ${SIZES[1]} tracks`,
      unit: 'ms',
      ours: middle,
      peer: small,
      limit: SIZES[1] / SIZES[0],
    },
    {
      name: `landmarks: ${SIZES[2]} tracks`,
      unit: 'ms',
      ours: large,
      peer: middle,
      limit: SIZES[2] / SIZES[1],
    },
  ];
};
