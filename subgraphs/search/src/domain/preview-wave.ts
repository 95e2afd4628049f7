import type { Deps } from '../context.ts';
import type { WaveItem } from '../models.ts';
import { planPicks } from '../wave/plan-picks.ts';
import { followEachOther, knownOf } from './extend-wave.ts';
import { readLibrary } from './read-library.ts';
import { beginWave, findBegin, WAVE_TRANSACTION, type WaveWish } from './start-wave.ts';
import { checkWishes, heeding } from './wave-settings.ts';

export interface WavePreview {
  readonly randomSeed: number;
  readonly items: WaveItem[];
}

/** What a wave would begin with; nothing of it is kept. */
export async function previewWave(
  deps: Pick<Deps, 'db' | 'bus' | 'nearby' | 'trackMemory' | 'librarySize'>,
  userId: string,
  { seed, ...wishes }: WaveWish,
  count: number,
  randomSeed: number,
): Promise<WavePreview> {
  checkWishes(wishes);
  const begin = await findBegin(deps, userId, seed);
  return deps.db.$transaction(async (tx) => {
    const { state, heard } = await beginWave(deps, tx, userId, begin);
    const library = await readLibrary(deps, tx, { userId, anchors: state.anchors, randomSeed, heard });
    const picks = planPicks({
      ...library,
      ...knownOf(state),
      settings: heeding({ ...wishes, randomSeed }, library),
      seed: seed === null ? null : { id: seed, title: state.seedTitle ?? '' },
      past: [],
      sinceSkip: Infinity,
      firstSeq: 1,
      count,
      avoid: null,
      now: new Date(),
    });
    const items = followEachOther(picks, library.candidates, null);
    return { randomSeed, items: items.map((pick, index) => ({ ...pick, seq: index + 1, batch: 1 })) };
  }, WAVE_TRANSACTION);
}
