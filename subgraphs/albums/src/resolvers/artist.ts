import { readPage } from '@volna/platform/pagination';
import { z } from 'zod';

import type { ArtistResolvers } from '../generated/graphql.ts';

const ByDate = z.tuple([z.string(), z.string()]);

export const Artist: ArtistResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  albums: ({ id }, args, { albumsPage }) => albumsPage.load({ parent: id, page: readPage(args, ByDate) }),
  appearsOn: ({ id }, args, { appearancesPage }) =>
    appearancesPage.load({ parent: id, page: readPage(args, ByDate) }),
};
