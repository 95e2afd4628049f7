import { ClientError, UserError } from '@volna/platform/errors';

import { previewWave } from '../domain/preview-wave.ts';
import { readWaveItem } from '../domain/read-wave-item.ts';
import { drawRandomSeed } from '../domain/start-wave.ts';
import { readWaveOptions } from '../domain/wave-options.ts';
import type { QueryResolvers } from '../generated/graphql.ts';
import { readFirst } from '../read-first.ts';
import { toWish } from './wave-inputs.ts';

const MOST_ITEMS = 50;

export const waveQueries: Pick<QueryResolvers, 'myWave' | 'waveOptions' | 'whyRecommended'> = {
  async myWave(_root, { input, first, randomSeed }, context) {
    const { userId } = context.requireViewer();
    const count = readFirst(first, 5, MOST_ITEMS);
    try {
      return await previewWave(context, userId, toWish(input ?? {}), count, randomSeed ?? drawRandomSeed());
    } catch (err) {
      // a query has no payload to tell it in
      if (err instanceof UserError) throw new ClientError(err.code, err.message);
      throw err;
    }
  },
  waveOptions: (_root, _args, context) => readWaveOptions(context),
  whyRecommended: (_root, { waveId, seq }, context) =>
    readWaveItem(context, context.requireViewer().userId, waveId, seq),
};
