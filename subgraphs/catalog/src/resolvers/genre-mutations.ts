import { payload } from '@volna/platform/errors';

import { restateTracks } from '../artists/restate-tracks.ts';
import type { Context } from '../context.ts';
import type { MutationResolvers } from '../generated/graphql.ts';
import { createGenre } from '../genres/create-genre.ts';
import { deleteGenre } from '../genres/delete-genre.ts';
import { mergeGenres } from '../genres/merge-genres.ts';
import { updateGenre } from '../genres/update-genre.ts';
import type { Genre } from '../models.ts';

/** The first of the tracks that have to be respelt are; the sweeper does the rest. */
function changed(context: Context, change: () => Promise<Genre>) {
  return payload({ genre: null }, async () => {
    const genre = await change();
    await restateTracks(context);
    return { genre };
  });
}

export const genreMutations: Pick<
  MutationResolvers,
  'createGenre' | 'updateGenre' | 'mergeGenres' | 'deleteGenre'
> = {
  createGenre(_root, { input }, context) {
    context.requireAdmin();
    return changed(context, () => createGenre(context, input));
  },
  updateGenre(_root, { input }, context) {
    context.requireAdmin();
    return changed(context, () => updateGenre(context, input));
  },
  mergeGenres(_root, { input }, context) {
    context.requireAdmin();
    return changed(context, () => mergeGenres(context, input));
  },
  deleteGenre(_root, { input: { genreId } }, context) {
    context.requireAdmin();
    return payload({ deletedId: null }, async () => ({ deletedId: await deleteGenre(context, genreId) }));
  },
};
