export interface Vote {
  /** Number of the recording. */
  readonly track: number;
  /** Landmarks that agree on where the clip begins. */
  readonly votes: number;
  /** Where in the recording that is; below 0 where the clip begins before it. */
  readonly frame: number;
}

/** A clip may begin so many frames before a recording does. */
const MOST_BEFORE = 2 ** 13;
const FRAMES = 2 ** 21;

/** One number for a recording and where a clip would begin in it. */
export function placeOf(track: number, frame: number, clipFrame: number): number {
  return track * FRAMES + (frame - clipFrame + MOST_BEFORE);
}

/** The best beginning in each recording, most votes first; neighbouring frames count together. Sorts the places. */
export function countVotes(places: Float64Array, least: number): Vote[] {
  places.sort();
  const best = new Map<number, Vote>();
  let [before, at] = [0, 0];
  while (at < places.length) {
    const end = endOfRun(places, at);
    const next = places[end] === places[at]! + 1 ? endOfRun(places, end) - end : 0;
    const isNeighbour = at > 0 && places[at - 1] === places[at]! - 1;
    const votes = end - at + next + (isNeighbour ? before : 0);
    const track = Math.floor(places[at]! / FRAMES);
    if (votes >= least && votes > (best.get(track)?.votes ?? 0))
      best.set(track, { track, votes, frame: (places[at]! % FRAMES) - MOST_BEFORE });
    before = end - at;
    at = end;
  }
  return [...best.values()].toSorted((a, b) => b.votes - a.votes || a.track - b.track);
}

function endOfRun(places: Float64Array, from: number): number {
  let end = from + 1;
  while (end < places.length && places[end] === places[from]) end++;
  return end;
}
