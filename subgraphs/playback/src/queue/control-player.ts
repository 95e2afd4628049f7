import { UserError } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import type { ControlPlayerInput, SetRepeatInput } from '../generated/graphql.ts';
import type { Player } from '../models.ts';
import { control } from './control.ts';
import { findOwner } from './find-owner.ts';
import { readLengths } from './lengths.ts';
import { changePlayer } from './player.ts';

/** Plays, pauses, seeks and steps; on which device, too. */
export async function controlPlayer(context: Context, input: ControlPlayerInput): Promise<Player> {
  const { action, itemId = null, positionMs = null, device = null, version = null, roomId } = input;
  if (positionMs !== null && positionMs < 0) {
    throw new UserError('BAD_USER_INPUT', 'a position is not negative', ['positionMs']);
  }
  if (device && (device.id === '' || device.id.length > 100 || device.name.length > 100)) {
    throw new UserError(
      'BAD_USER_INPUT',
      'a device has an id of 1–100 characters and a name of at most 100',
      ['device'],
    );
  }
  const ownerId = await findOwner(context, roomId);
  return changePlayer(context, {
    ownerId,
    version,
    isOfList: false,
    async run({ state, past }, now, tx) {
      const lengthOf = await readLengths(tx, state, [state.currentId, itemId]);
      const after = control(state, { action, itemId, positionMs, device, now, lengthOf });
      return after && { state: after, past };
    },
  });
}

export async function setRepeat(
  context: Context,
  { repeat, roomId, version }: SetRepeatInput,
): Promise<Player> {
  const ownerId = await findOwner(context, roomId);
  const run = ({ state, past }: Player) => ({ state: { ...state, repeat }, past });
  return changePlayer(context, { ownerId, version: version ?? null, isOfList: false, run });
}
