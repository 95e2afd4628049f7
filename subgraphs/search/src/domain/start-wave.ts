import { randomInt } from 'node:crypto';

import { newId } from '@volna/events';
import { UserError } from '@volna/platform/errors';

import type { Deps } from '../context.ts';
import { MAX_EXPLORATION } from '../wave/explore.ts';
import type { AnchorState, WaveSettings, WaveState } from '../wave/state.ts';
import { readSeed } from './read-seed.ts';
import { readTaste } from './read-taste.ts';
import { extendWave } from './wave-session.ts';

const MAX_RANDOM = 2 ** 31 - 1;
export const WAVE_TRANSACTION = { maxWait: 5_000, timeout: 15_000 } as const;

export interface WaveWish extends Omit<WaveSettings, 'randomSeed'> {
  readonly seed: string | null;
}

/** Opens a personal stream with its first items. */
export async function startWave(
  deps: Deps,
  userId: string,
  { seed: seedId, ...settings }: WaveWish,
  randomSeed = randomInt(MAX_RANDOM),
): Promise<{ id: string }> {
  if (!(settings.exploration >= 0 && settings.exploration <= MAX_EXPLORATION)) {
    throw new UserError('BAD_USER_INPUT', `exploration is from 0 to ${MAX_EXPLORATION}`, ['exploration']);
  }
  const seed = seedId === null ? null : await readSeed(deps.db, seedId, userId);
  if (seedId !== null && !seed) {
    throw new UserError('NOT_FOUND', 'there is no such track, artist or album', ['seed']);
  }
  const id = newId('Wave');
  await deps.db.$transaction(async (tx) => {
    const anchors = seed ? seed.trackIds.map(seedAnchor) : await readTaste(tx, userId, randomSeed);
    const state: WaveState = { anchors, penalties: {}, notNow: [], seedTitle: seed?.title ?? null };
    const data = { id, userId, seed: seedId, ...settings, randomSeed, state };
    const wave = await tx.wave.create({ data });
    await extendWave(deps, { tx, wave, state });
  }, WAVE_TRANSACTION);
  return { id };
}

const seedAnchor = (trackId: string): AnchorState => ({ trackId, source: 'SEED', base: 1, weight: 1 });
