import { dotProducts } from '@volna/platform/dot-products';

import { commonLength } from '../ranking/common-length.ts';
import { baseOfStrength } from './signals.ts';
import type { AnchorState, TasteSource } from './state.ts';

/** A wave measures from so many anchors at most. */
export const MAX_ANCHORS = 64;

/** A track that is to a listener's taste. */
export interface TastedTrack {
  readonly trackId: string;
  readonly source: TasteSource;
  /** What all that was said of it comes to. */
  readonly strength: number;
  /** The factor that waves have left it. */
  readonly credit: number;
  readonly isPinned: boolean;
  /** Unit length; null for one that is not analysed. */
  readonly vector: Float32Array | null;
}

interface Cluster {
  readonly medoid: TastedTrack;
  members: TastedTrack[];
}

/**
 * The anchors of a taste: all of its tracks, or where those are too many, one for each group that sounds alike: a track of
 * the group, with the strength of them all. The same for the same tracks, in whatever order.
 */
export function clusterAnchors(tracks: readonly TastedTrack[], most = MAX_ANCHORS): AnchorState[] {
  const ranked = tracks.toSorted(
    (a, b) =>
      Number(b.isPinned) - Number(a.isPinned) || b.strength - a.strength || (a.trackId < b.trackId ? -1 : 1),
  );
  if (ranked.length <= most) return ranked.map((track) => toAnchor(track, [track]));
  const clusters = pickMedoids(ranked, most);
  return clusters.map(({ medoid, members }) =>
    toAnchor(medoid, [medoid, ...members.filter((m) => m !== medoid)]),
  );
}

/** A track on its way into a group. */
interface Place {
  readonly track: TastedTrack;
  /** What it is worth to pick it for its own sake. */
  readonly worth: number;
  /** How like each of the others it is; null where nobody can tell. */
  readonly likeness: Likeness | null;
  /** From the nearest that is picked; 1 at most. */
  distance: number;
  similarity: number;
  nearest: Cluster | null;
  isPicked: boolean;
}

type Likeness = (other: TastedTrack) => number | undefined;

/** What is strong and far from what is picked already, one after the other; each track goes to the nearest of them. */
function pickMedoids(ranked: readonly TastedTrack[], most: number): Cluster[] {
  const likenessOf = compareAll(ranked);
  const places = ranked.map((track): Place => ({
    track,
    worth: (track.isPinned ? 1_000 : 1) * Math.max(track.strength, 0.01),
    likeness: likenessOf(track),
    distance: 1,
    similarity: -Infinity,
    nearest: null,
    isPicked: false,
  }));
  const clusters: Cluster[] = [];
  while (clusters.length < most) {
    let best: Place | null = null;
    let bestValue = -Infinity;
    for (const place of places) {
      if (place.isPicked || place.worth * place.distance <= bestValue) continue;
      [best, bestValue] = [place, place.worth * place.distance];
    }
    if (!best) break;
    best.isPicked = true;
    const cluster: Cluster = { medoid: best.track, members: [] };
    clusters.push(cluster);
    for (const place of places) draw(place, cluster);
  }
  for (const { track, nearest } of places) nearest?.members.push(track);
  return clusters;
}

/** All with all at once, which one by one would take longer than what the clusters are for. */
function compareAll(tracks: readonly TastedTrack[]): (track: TastedTrack) => Likeness | null {
  const dimension = commonLength(tracks.map(({ vector }) => vector));
  const heard = tracks.filter(({ vector }) => vector?.length === dimension);
  const vectors = heard.flatMap(({ vector }) => vector ?? []);
  const products = dotProducts(vectors, vectors);
  const rows = new Map(heard.map((track, row) => [track, row]));
  return (track) => {
    const from = rows.get(track);
    if (from === undefined) return null;
    return (other) => {
      const row = rows.get(other);
      return row === undefined ? undefined : products[from * heard.length + row];
    };
  };
}

/** Notes how near a track is to a new group. */
function draw(place: Place, cluster: Cluster): void {
  const similarity = place.likeness?.(cluster.medoid);
  if (similarity === undefined) return;
  if (1 - similarity < place.distance) place.distance = 1 - similarity;
  if (similarity <= place.similarity) return;
  place.similarity = similarity;
  place.nearest = cluster;
}

function toAnchor(
  { trackId, source, credit, isPinned }: TastedTrack,
  group: readonly TastedTrack[],
): AnchorState {
  const base = isPinned ? 1 : baseOfStrength(group.reduce((sum, { strength }) => sum + strength, 0));
  const weight = isPinned ? Math.max(1, credit) : base * credit;
  return { trackId, source, base, weight, ...(isPinned && { pinned: true }) };
}
