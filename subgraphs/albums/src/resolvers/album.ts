import { readPage } from '@volna/platform/pagination';
import { z } from 'zod';

import { signCover } from '../domain/sign-cover.ts';
import type { AlbumResolvers, AlbumType } from '../generated/graphql.ts';

export const Album: AlbumResolvers = {
  __resolveReference: (reference, { albumById }) =>
    albumById.load('id' in reference ? reference.id : reference.nodeKey),
  type: ({ type }) => type as AlbumType,
  artist: ({ artistId }) => ({ id: artistId }),
  trackCount: async ({ id }, _args, { albumSummary }) => (await albumSummary.load(id)).trackCount,
  durationMs: async ({ id }, _args, { albumSummary }) => (await albumSummary.load(id)).durationMs,
  cover: async ({ id }, { size }, context) =>
    signCover(context, (await context.albumSummary.load(id)).cover, size),
  tracks: ({ id }, args, { albumTracksPage }) =>
    albumTracksPage.load({ parentId: id, page: readPage(args, z.number()) }),
  nodeKey: ({ id }) => id,
};
