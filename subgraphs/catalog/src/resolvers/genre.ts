import type { GenreResolvers, TrackGenreResolvers } from '../generated/graphql.ts';

export const Genre: GenreResolvers = {
  __resolveReference: (reference, { genreById }) =>
    genreById.load('id' in reference ? reference.id : reference.nodeKey),
  nodeKey: ({ id }) => id,
  parent: ({ parentId }, _args, { genreById }) => (parentId ? genreById.load(parentId) : null),
  children: ({ id }, _args, { genresByParent }) => genresByParent.load(id),
  aliases: async ({ id, name }, _args, { aliasesByGenre }) =>
    (await aliasesByGenre.load(id)).filter((alias) => alias !== name),
};

export const TrackGenre: TrackGenreResolvers = {
  // its row is respelt in a while after the tree was changed
  name: async ({ name, nameKey }, _args, { genreByKey }) => (await genreByKey.load(nameKey))?.name ?? name,
  genre: ({ nameKey }, _args, { genreByKey }) => genreByKey.load(nameKey),
};
