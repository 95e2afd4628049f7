import type { QueryResolvers } from '../generated/graphql.ts';
import { findRoom } from '../queue/rooms.ts';

export const Query: QueryResolvers = {
  room: (_root, { id }, context) => findRoom(context, id),
};
