import { ClientError, UserError } from '@volna/platform/errors';

import { previewWave } from '../domain/preview-wave.ts';
import { readWaveItem } from '../domain/read-wave-item.ts';
import { drawRandomSeed } from '../domain/start-wave.ts';
import { readWaveOptions } from '../domain/wave-options.ts';
import type { QueryResolvers } from '../generated/graphql.ts';
import { toWish } from './wave-inputs.ts';

const MOST_ITEMS = 50;

export const waveQueries: Pick<QueryResolvers, 'myWave' | 'waveOptions' | 'whyRecommended'> = {
  async myWave(_root, { input, first, randomSeed }, context) {
    const { userId } = context.requireViewer();
    const count = first ?? 5;
    if (count < 0) throw new ClientError('BAD_USER_INPUT', '`first` must not be negative');
    try {
      return await previewWave(
        context,
        userId,
        toWish(input ?? {}),
        Math.min(count, MOST_ITEMS),
        randomSeed ?? drawRandomSeed(),
      );
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
