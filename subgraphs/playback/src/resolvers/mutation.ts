import { payload, toRow } from '@volna/platform/errors';

import { reportPlayback, reportPlaybacks } from '../domain/report-playback.ts';
import type { MutationResolvers } from '../generated/graphql.ts';
import { showNowPlaying } from '../listening/show-now-playing.ts';
import { playerMutations } from './player-mutations.ts';

export const Mutation: MutationResolvers = {
  ...playerMutations,
  async showNowPlaying(_root, { shown }, context) {
    await showNowPlaying(context, shown);
    return { ok: true, errors: [] };
  },
  async reportPlayback(_root, { input }, context) {
    const { ok, errors } = await payload<{ ok: true }>({ ok: null }, () => reportPlayback(context, input));
    return { ok: ok === true, errors };
  },
  async reportPlaybacks(_root, { reports }, context) {
    const { errors } = await reportPlaybacks(context, reports);
    return { ok: errors.length === 0, errors: errors.map(toRow) };
  },
};
