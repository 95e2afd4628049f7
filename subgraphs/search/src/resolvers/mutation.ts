import { payload } from '@volna/platform/errors';

import { requestAudioSearch } from '../domain/request-audio-search.ts';
import { startWave } from '../domain/start-wave.ts';
import { takeFeedback } from '../domain/take-feedback.ts';
import type { MutationResolvers } from '../generated/graphql.ts';
import { beginReindex } from '../reindexing/begin-reindex.ts';
import { toReindexing } from '../reindexing/read-reindexing.ts';

const DEFAULT_EXPLORATION = 0.08;

export const Mutation: MutationResolvers = {
  reindex(_root, _args, context) {
    context.requireAdmin();
    return payload({ reindexing: null }, async () => ({
      reindexing: toReindexing(await beginReindex(context)),
    }));
  },
  searchByAudio(_root, { input }, context) {
    const { userId } = context.requireViewer();
    return payload({ search: null }, async () => ({
      search: await requestAudioSearch(context, userId, input.uploadId),
    }));
  },
  startWave(_root, { input }, context) {
    const { userId } = context.requireViewer();
    const wish = {
      seed: input.seed ?? null,
      mood: input.mood ?? 'ANY',
      activity: input.activity ?? 'ANY',
      familiarity: input.familiarity ?? 'DEFAULT',
      exploration: input.exploration ?? DEFAULT_EXPLORATION,
    };
    return payload({ wave: null }, async () => ({ wave: await startWave(context, userId, wish) }));
  },
  async waveFeedback(_root, { input }, context) {
    const { userId } = context.requireViewer();
    const feedback = { ...input, positionMs: input.positionMs ?? null };
    const result = await payload<{ done: true }>({ done: null }, async () => {
      await takeFeedback(context, userId, feedback);
      return { done: true };
    });
    return { ok: result.done === true, errors: result.errors };
  },
};
