import { cosine } from '../ranking/vector.ts';
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
  for (const track of ranked) if (track.vector) nearest(clusters, track.vector)?.members.push(track);
  return clusters.map(({ medoid, members }) =>
    toAnchor(medoid, [medoid, ...members.filter((m) => m !== medoid)]),
  );
}

/** What is strong and far from what is picked already, one after the other. */
function pickMedoids(ranked: readonly TastedTrack[], most: number): Cluster[] {
  const far = new Map(ranked.map((track) => [track, 1]));
  const clusters: Cluster[] = [];
  while (clusters.length < most) {
    let best: TastedTrack | null = null;
    let bestValue = -Infinity;
    for (const [track, distance] of far) {
      const value = (track.isPinned ? 1_000 : 1) * Math.max(track.strength, 0.01) * distance;
      if (value > bestValue) [best, bestValue] = [track, value];
    }
    if (!best) break;
    far.delete(best);
    clusters.push({ medoid: best, members: [] });
    for (const [track, distance] of far) {
      const similarity = track.vector && best.vector ? cosine(track.vector, best.vector) : 0;
      if (1 - similarity < distance) far.set(track, 1 - similarity);
    }
  }
  return clusters;
}

function nearest(clusters: readonly Cluster[], vector: Float32Array): Cluster | undefined {
  let best: Cluster | undefined;
  let bestSimilarity = -Infinity;
  for (const cluster of clusters) {
    const similarity = cluster.medoid.vector ? cosine(vector, cluster.medoid.vector) : -Infinity;
    if (similarity > bestSimilarity) [best, bestSimilarity] = [cluster, similarity];
  }
  return best;
}

function toAnchor(
  { trackId, source, credit, isPinned }: TastedTrack,
  group: readonly TastedTrack[],
): AnchorState {
  const base = isPinned ? 1 : baseOfStrength(group.reduce((sum, { strength }) => sum + strength, 0));
  const weight = isPinned ? Math.max(1, credit) : base * credit;
  return { trackId, source, base, weight, ...(isPinned && { pinned: true }) };
}
