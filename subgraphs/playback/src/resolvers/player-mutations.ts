import { payload } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import type { MutationResolvers } from '../generated/graphql.ts';
import type { Player, Room } from '../models.ts';
import { controlPlayer, setRepeat } from '../queue/control-player.ts';
import {
  moveQueuedTrack,
  playTracks,
  queueTracks,
  removeQueuedTracks,
  shuffleQueue,
  undoQueueChange,
} from '../queue/edit-queue.ts';
import { joinRoom, leaveRoom, openRoom } from '../queue/rooms.ts';

type Use<Input> = (context: Context, input: Input) => Promise<Player>;

/** A mutation whose payload has the player as it is after it. */
const changing =
  <Input>(use: Use<Input>) =>
  (_root: unknown, { input }: { input: Input }, context: Context) =>
    payload<{ player: Player }>({ player: null }, async () => ({ player: await use(context, input) }));

const roomPayload = (run: () => Promise<Room>) =>
  payload<{ room: Room }>({ room: null }, async () => ({ room: await run() }));

export const playerMutations: MutationResolvers = {
  playTracks: changing(playTracks),
  queueTracks: changing(queueTracks),
  moveQueuedTrack: changing(moveQueuedTrack),
  removeQueuedTracks: changing(removeQueuedTracks),
  shuffleQueue: changing(shuffleQueue),
  undoQueueChange: changing(undoQueueChange),
  controlPlayer: changing(controlPlayer),
  setRepeat: changing(setRepeat),
  openRoom: (_root, { name }, context) => roomPayload(() => openRoom(context, name)),
  joinRoom: (_root, { code }, context) => roomPayload(() => joinRoom(context, code)),
  async leaveRoom(_root, { id }, context) {
    await leaveRoom(context, id);
    return { ok: true, errors: [] };
  },
};
