import { shuffle } from './shuffle.ts';
import { currentRank, MAX_ITEMS, type QueueItem, type QueueState } from './state.ts';

type New = Pick<QueueItem, 'id' | 'trackId' | 'source'>;

/** Another list to be played, from one of its items on; a shuffled one begins with that item. */
export function replaceItems(
  state: QueueState,
  items: readonly New[],
  { startAt, shuffleSeed, now }: { startAt: number; shuffleSeed: number | null; now: number },
): QueueState {
  const placed = items.map((item, place) => ({ ...item, place }));
  const current = placed[startAt] ?? placed[0];
  const replaced = {
    ...state,
    items: placed,
    currentId: current?.id ?? null,
    positionMs: 0,
    positionAt: now,
    shuffleSeed: null,
    isPlaying: state.isPlaying && current !== undefined,
  };
  return shuffleSeed === null ? replaced : shuffleItems(replaced, shuffleSeed);
}

/** More to be played, behind the current item or at the end. */
export function insertItems(state: QueueState, items: readonly New[], where: 'NEXT' | 'END'): QueueState {
  const at = where === 'NEXT' ? currentRank(state) + 1 : state.items.length;
  const before = state.items[at - 1];
  // behind the same item when the order is put back
  const place = where === 'END' ? state.items.length : (before?.place ?? -1) + 1;
  const shifted = state.items.map((item) =>
    item.place >= place ? { ...item, place: item.place + items.length } : item,
  );
  const added = items.map((item, i) => ({ ...item, place: place + i }));
  const all = shifted.toSpliced(at, 0, ...added);
  return { ...state, items: all, currentId: state.currentId ?? added[0]?.id ?? null };
}

/** An item behind another, or first. */
export function moveItem(state: QueueState, itemId: string, afterId: string | null): QueueState | null {
  const moved = state.items.find(({ id }) => id === itemId);
  const rest = state.items.filter(({ id }) => id !== itemId);
  const at = afterId === null ? 0 : rest.findIndex(({ id }) => id === afterId) + 1;
  if (!moved || (afterId !== null && at === 0)) return null;
  const items = rest.toSpliced(at, 0, moved);
  // an order that somebody has made is the order from now on
  return { ...state, items: state.shuffleSeed === null ? ranked(items) : items };
}

/** Fewer to be played. Where the current item goes, the one behind it is next, from its beginning. */
export function removeItems(state: QueueState, itemIds: readonly string[], now: number): QueueState {
  const gone = new Set(itemIds);
  const items = state.items.filter(({ id }) => !gone.has(id));
  if (state.currentId === null || !gone.has(state.currentId)) return { ...state, items };
  const next = state.items.slice(currentRank(state)).find(({ id }) => !gone.has(id)) ?? null;
  const isPlaying = state.isPlaying && next !== null;
  return { ...state, items, currentId: next?.id ?? null, positionMs: 0, positionAt: now, isPlaying };
}

/** The current item first, the others in the order that the seed makes; always the same for the same list. */
export function shuffleItems(state: QueueState, seed: number): QueueState {
  const inOrder = state.items.toSorted((a, b) => a.place - b.place);
  const current = inOrder.filter(({ id }) => id === state.currentId);
  const rest = inOrder.filter(({ id }) => id !== state.currentId);
  return { ...state, items: [...current, ...shuffle(rest, seed)], shuffleSeed: seed };
}

export function unshuffleItems(state: QueueState): QueueState {
  return { ...state, items: state.items.toSorted((a, b) => a.place - b.place), shuffleSeed: null };
}

export function hasRoom(state: QueueState, more: number): boolean {
  return state.items.length + more <= MAX_ITEMS;
}

const ranked = (items: readonly QueueItem[]) => items.map((item, place) => ({ ...item, place }));
