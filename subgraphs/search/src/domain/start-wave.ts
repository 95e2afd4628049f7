import { randomInt } from 'node:crypto';

import { newId } from '@volna/events';
import { UserError } from '@volna/platform/errors';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import type { Wave } from '../models.ts';
import { nothingOf, readRadioSeed } from '../radio/read-radio-seed.ts';
import { type AnchorState, beginState, type WaveState, type WaveWishes } from '../wave/state.ts';
import { beginItems } from './extend-wave.ts';
import type { Measured } from './read-library.ts';
import type { Seed } from './read-seed.ts';
import { readTaste } from './read-taste.ts';
import { checkWishes } from './wave-settings.ts';

const MAX_RANDOM = 2 ** 31 - 1;
export const WAVE_TRANSACTION = { maxWait: 5_000, timeout: 15_000 } as const;

export interface WaveWish extends WaveWishes {
  readonly seed: string | null;
}

export const drawRandomSeed = (): number => randomInt(MAX_RANDOM);

/** Opens a personal stream with its first items. */
export async function startWave(
  deps: Deps,
  userId: string,
  { seed, ...wishes }: WaveWish,
  randomSeed = drawRandomSeed(),
): Promise<Wave> {
  checkWishes(wishes);
  const id = newId('Wave');
  const begin = await findBegin(deps, userId, seed);
  const settings = { ...wishes, languages: [...wishes.languages], randomSeed };
  const unused = { isEnded: false, nextSeq: 1, logLength: 0, createdAt: new Date() };
  const items = await deps.db.$transaction(async (tx) => {
    const { state, heard } = await beginWave(deps, tx, userId, begin);
    const wave = { id, userId, seed, ...settings, ...unused, state, begun: state };
    return beginItems(deps, { tx, wave, state }, heard);
  }, WAVE_TRANSACTION);
  return { id, items };
}

/** The seed that is named, as radios take them; null where none is. A playlist is asked for: not in a transaction. */
export async function findBegin(
  deps: Pick<Deps, 'db' | 'bus'>,
  userId: string,
  seedId: string | null,
): Promise<Seed | null> {
  if (seedId === null) return null;
  const seed = await readRadioSeed(deps, seedId, userId);
  if (!seed) throw new UserError('NOT_FOUND', nothingOf(seedId), ['seed']);
  return seed;
}

export interface Begun {
  readonly state: WaveState;
  /** The anchors' tracks, where they had to be read. */
  readonly heard: Measured['heard'];
}

/** What a wave knows when it begins: what its seed stands for, else the user's taste. */
export async function beginWave(
  deps: Pick<Deps, 'nearby' | 'trackMemory' | 'librarySize'>,
  tx: Transaction,
  userId: string,
  seed: Seed | null,
): Promise<Begun> {
  if (seed) return { state: beginState(seed.trackIds.map(seedAnchor), seed.title), heard: undefined };
  const { anchors, tracks } = await readTaste(deps, tx, userId);
  return { state: beginState(anchors, null), heard: tracks };
}

const seedAnchor = (trackId: string): AnchorState => ({ trackId, source: 'SEED', base: 1, weight: 1 });
