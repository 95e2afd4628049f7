import type { PlayerAction } from '../generated/graphql.ts';
import { currentRank, type Device, positionAt, type QueueState } from './state.ts';

/** A press of PREVIOUS later than this goes to the beginning of the current item. */
const RESTART_AFTER_MS = 3_000;

export interface Control {
  readonly action: PlayerAction;
  readonly itemId: string | null;
  readonly positionMs: number | null;
  readonly device: Device | null;
  readonly now: number;
  /** How long an item is, in milliseconds. */
  readonly lengthOf: (itemId: string | null) => number;
}

/**
 * What a player or its user does. Whatever is said on a device makes it the one that plays; the others learn that and
 * stop. A position behind the end is the end. Null for an item that is not there.
 */
export function control(
  state: QueueState,
  { action, itemId, positionMs, device, now, lengthOf }: Control,
): QueueState | null {
  const held = { ...state, device: device ?? state.device };
  if (itemId !== null && !state.items.some(({ id }) => id === itemId)) return null;
  const { isPlaying } = state;
  const here = positionAt(state, now, lengthOf(state.currentId));
  const to = (wanted: string | null, place: number, playing = isPlaying) =>
    at(held, wanted, { positionMs: Math.min(place, lengthOf(wanted)), now, isPlaying: playing });
  const again = () => to(state.currentId, 0);
  const run: Readonly<Record<PlayerAction, () => QueueState>> = {
    PLAY: () => {
      const wanted = itemId ?? state.currentId ?? state.items[0]?.id ?? null;
      const from = positionMs ?? (wanted === state.currentId ? here : 0);
      return to(wanted, from, true);
    },
    PAUSE: () => to(state.currentId, positionMs ?? here, false),
    SEEK: () => to(itemId ?? state.currentId, positionMs ?? 0),
    NEXT: () => step(held, 1, now),
    PREVIOUS: () => (here > RESTART_AFTER_MS ? again() : step(held, -1, now)),
    ENDED: () => (state.repeat === 'ONE' ? again() : step(held, 1, now)),
  };
  return run[action]();
}

/** The item that many places on; behind the end, the first one where all is repeated, or silence at the last one. */
function step(state: QueueState, by: 1 | -1, now: number): QueueState {
  const { items, repeat, isPlaying } = state;
  const wanted = currentRank(state) + by;
  const around = repeat === 'ALL' && items.length > 0 ? (wanted + items.length) % items.length : wanted;
  const item = items[Math.max(0, around)];
  if (item) return at(state, item.id, { positionMs: 0, now, isPlaying });
  return at(state, state.currentId, { positionMs: 0, now, isPlaying: false });
}

function at(
  state: QueueState,
  currentId: string | null,
  { positionMs, now, isPlaying }: { positionMs: number; now: number; isPlaying: boolean },
): QueueState {
  return { ...state, currentId, positionMs, positionAt: now, isPlaying: isPlaying && currentId !== null };
}
