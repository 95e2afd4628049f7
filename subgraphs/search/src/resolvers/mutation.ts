import { payload } from '@volna/platform/errors';

import { requestAudioSearch } from '../domain/request-audio-search.ts';
import type { MutationResolvers } from '../generated/graphql.ts';
import { beginReindex } from '../reindexing/begin-reindex.ts';
import { toReindexing } from '../reindexing/read-reindexing.ts';
import { tasteMutations } from './taste.ts';
import { waveMutations } from './wave-mutations.ts';

export const Mutation: MutationResolvers = {
  ...waveMutations,
  ...tasteMutations,
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
};
