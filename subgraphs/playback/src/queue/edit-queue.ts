import { randomUUID } from 'node:crypto';

import { UserError } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import { findPlayed } from '../domain/find-played.ts';
import type {
  MoveQueuedTrackInput,
  PlayTracksInput,
  PlaybackSource,
  QueueTracksInput,
  RemoveQueuedTracksInput,
  ShuffleQueueInput,
  UndoQueueChangeInput,
} from '../generated/graphql.ts';
import type { Player } from '../models.ts';
import {
  hasRoom,
  insertItems,
  moveItem,
  removeItems,
  replaceItems,
  shuffleItems,
  unshuffleItems,
} from './arrange.ts';
import { control } from './control.ts';
import { findOwner } from './find-owner.ts';
import { type Change, changePlayer, undo } from './player.ts';
import { MAX_ITEMS, type QueueState } from './state.ts';

interface Target {
  readonly roomId?: string | null | undefined;
  readonly version?: number | null | undefined;
}

/** Replaces the list and plays it from one of its tracks on. */
export async function playTracks(context: Context, input: PlayTracksInput): Promise<Player> {
  const items = await toItems(context, input.trackIds, input.source);
  const startAt = input.startAt ?? 0;
  if (items.length > 0 && !items[startAt])
    throw new UserError('BAD_USER_INPUT', 'there is no such place', ['startAt']);
  const device = input.device ?? null;
  return change(context, input, (state, now) => {
    const options = { startAt, shuffleSeed: input.shuffleSeed ?? null, now };
    const replaced = replaceItems(state, items, options);
    const fromTheBeginning = { itemId: null, positionMs: 0, lengthOf: () => Infinity };
    return control(replaced, { action: 'PLAY', device, now, ...fromTheBeginning });
  });
}

/** More to be played, next or at the end. */
export async function queueTracks(context: Context, input: QueueTracksInput): Promise<Player> {
  const items = await toItems(context, input.trackIds, input.source);
  return change(context, input, (state) => {
    if (!hasRoom(state, items.length)) throw tooMany();
    return insertItems(state, items, input.where ?? 'END');
  });
}

export function moveQueuedTrack(context: Context, input: MoveQueuedTrackInput): Promise<Player> {
  return change(context, input, (state) => moveItem(state, input.itemId, input.afterItemId ?? null));
}

export function removeQueuedTracks(context: Context, input: RemoveQueuedTracksInput): Promise<Player> {
  return change(context, input, (state, now) => removeItems(state, input.itemIds, now));
}

/** In the order of a seed, or again in that in which things were put there. */
export function shuffleQueue(context: Context, input: ShuffleQueueInput): Promise<Player> {
  const { seed } = input;
  return change(context, input, (state) =>
    seed === null || seed === undefined ? unshuffleItems(state) : shuffleItems(state, seed),
  );
}

export async function undoQueueChange(context: Context, input: UndoQueueChangeInput): Promise<Player> {
  const ownerId = await findOwner(context, input.roomId);
  return changePlayer(context, { ownerId, version: input.version ?? null, isOfList: false, run: undo });
}

async function change(
  context: Context,
  { roomId, version }: Target,
  run: (state: QueueState, now: number) => QueueState | null,
): Promise<Player> {
  const ownerId = await findOwner(context, roomId);
  const changed: Change['run'] = ({ state, past }, now) => {
    const after = run(state, now);
    return after && { state: after, past };
  };
  return changePlayer(context, { ownerId, version: version ?? null, isOfList: true, run: changed });
}

/** Items of tracks that the viewer may hear now; whether they may be heard is asked again when they are played. */
async function toItems(
  context: Context,
  trackIds: readonly string[],
  source: PlaybackSource | null | undefined,
) {
  if (trackIds.length > MAX_ITEMS) throw tooMany();
  const found = await Promise.all(trackIds.map((id) => findPlayed(context, id)));
  const missing = found.indexOf(null);
  if (missing >= 0) throw new UserError('NOT_FOUND', 'no such track', ['trackIds', String(missing)]);
  return trackIds.map((trackId) => ({ id: randomUUID(), trackId, source: source ?? 'ORGANIC' }));
}

const tooMany = () => new UserError('QUEUE_FULL', `a queue has at most ${MAX_ITEMS} items`, ['trackIds']);
