import { readPage } from '@volna/platform/pagination';
import { z } from 'zod';

import { readImages } from '../covers/stored-images.ts';
import { toPlayQueue } from '../domain/play-queue.ts';
import { signCover } from '../domain/sign-cover.ts';
import type { AlbumResolvers, AlbumStatus, AlbumType, DatePrecision } from '../generated/graphql.ts';

/** By the length of a date. */
const PRECISIONS: Readonly<Record<number, DatePrecision>> = { 4: 'YEAR', 7: 'MONTH', 10: 'DAY' };

export const Album: AlbumResolvers = {
  __resolveReference: (reference, { albumById }) =>
    albumById.load('id' in reference ? reference.id : reference.nodeKey),
  type: ({ type }) => type as AlbumType,
  status: ({ status }) => status as AlbumStatus,
  releaseDatePrecision: ({ releaseDate }) => PRECISIONS[releaseDate?.length ?? 0] ?? null,
  artist: ({ artistId }) => ({ id: artistId }),
  artists: ({ id }, _args, { creditsOf }) => creditsOf.load(id),
  trackCount: async ({ id }, _args, { albumSummary }) => (await albumSummary.load(id)).trackCount,
  durationMs: async ({ id }, _args, { albumSummary }) => (await albumSummary.load(id)).durationMs,
  cover: async ({ id, cover }, { size }, context) => {
    const own = readImages(cover);
    return signCover(context, own.length > 0 ? own : (await context.albumSummary.load(id)).cover, size);
  },
  tracks: ({ id }, args, { albumPlacesPage }) =>
    albumPlacesPage.load({ parent: id, page: readPage(args, z.number()) }),
  places: async ({ id }, args, { albumPlacesPage }) => {
    const { edges, pageInfo } = await albumPlacesPage.load({ parent: id, page: readPage(args, z.number()) });
    return {
      pageInfo,
      edges: edges.map(({ cursor, node }) => ({ cursor, node: { ...node, track: { id: node.id } } })),
    };
  },
  playQueue: async ({ id }, args, { queuePlaces }) =>
    toPlayQueue(await queuePlaces.load(id), args, readPage(args, z.number().int().min(0))),
  nodeKey: ({ id }) => id,
};
