import { readPage } from '@volna/platform/pagination';
import { z } from 'zod';

import type { ArtistResolvers } from '../generated/graphql.ts';

export const Artist: ArtistResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  albums: ({ id }, args, { albumsPage }) =>
    albumsPage.load({ parentId: id, page: readPage(args, z.tuple([z.string(), z.string()])) }),
};
