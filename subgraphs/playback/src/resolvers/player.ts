import type { PlayerItemResolvers, PlayerResolvers, RoomResolvers } from '../generated/graphql.ts';
import { readLengths } from '../queue/lengths.ts';
import { readPlayer } from '../queue/player.ts';
import { currentRank, positionAt } from '../queue/state.ts';

export const Player: PlayerResolvers = {
  items: ({ state }) => [...state.items],
  current: ({ state }) => state.items[currentRank(state)] ?? null,
  async positionMs({ state, readAt }, _args, { db }) {
    const lengthOf = await readLengths(db, state, [state.currentId]);
    return positionAt(state, readAt, lengthOf(state.currentId));
  },
  at: ({ readAt }) => new Date(readAt),
  isPlaying: ({ state }) => state.isPlaying,
  repeat: ({ state }) => state.repeat,
  shuffleSeed: ({ state }) => state.shuffleSeed,
  device: ({ state }) => state.device,
  canUndo: ({ past }) => past.length > 0,
};

export const PlayerItem: PlayerItemResolvers = {
  track: ({ trackId }) => ({ id: trackId }),
};

export const Room: RoomResolvers = {
  host: ({ hostId }) => ({ id: hostId }),
  members: ({ id }, _args, { db }) =>
    db.roomMember
      .findMany({ where: { roomId: id }, orderBy: [{ joinedAt: 'asc' }, { userId: 'asc' }] })
      .then((members) => members.map(({ userId }) => ({ id: userId }))),
  player: ({ id }, _args, context) => readPlayer(context, id),
};
