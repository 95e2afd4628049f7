import { readAffinities } from '../collaborative/read-affinities.ts';
import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { JUDGED_BY } from '../wave/pick-album.ts';
import type { Anchor, AnchorState, Candidate, WaveAlbum } from '../wave/state.ts';
import { findNearAnchors } from './near-anchors.ts';
import { readWholeAlbums } from './read-albums.ts';
import { readPool } from './read-pool.ts';
import { commonModel } from './read-taste.ts';
import { type RememberedTrack, split, VERSION } from './track-memory.ts';

/** A library of up to so many tracks is weighed whole; of a larger one a pool is drawn. */
const WHOLE_LIBRARY = 1_000;

export interface Library {
  readonly anchors: Anchor[];
  readonly candidates: Candidate[];
  readonly albums: WaveAlbum[];
  /** The index of sounds did not answer. */
  readonly isDegraded: boolean;
  /** The listener wants no explicit tracks, whatever is asked of the wave. */
  readonly hidesExplicit: boolean;
}

type LibraryDeps = Pick<Deps, 'nearby' | 'trackMemory'>;

/** The open tracks that a wave may play and those that it measures by, as one listener knows them. */
export async function readLibrary(
  deps: LibraryDeps,
  tx: Transaction,
  userId: string,
  anchors: readonly AnchorState[],
  randomSeed: number,
): Promise<Library> {
  const { known, isSmall, hidesExplicit } = await readAnchors(deps, tx, userId, anchors);
  const byId = new Map(known.map((track) => [track.id, track]));
  const near = isSmall ? null : findNearAnchors(deps, anchors, byId);
  const affinities = await readAffinities(tx, anchors);
  const pool = await near;
  const rows = await readPool(
    deps,
    tx,
    userId,
    pool && { randomSeed, besides: [...affinities.keys(), ...pool.ids] },
  );
  const model = commonModel(known.length > 0 ? known : rows.map(({ track }) => track));
  return {
    candidates: rows.map(({ track, isLiked, isDisliked, heardAt }) => ({
      // one spread and no rest: this is done a thousand times a plan
      ...track,
      vector: vectorOf(track, model),
      isLiked,
      isDisliked,
      heardAt,
      listeners: affinities.get(track.id) ?? null,
    })),
    anchors: anchors.flatMap((anchor) => {
      const track = byId.get(anchor.trackId);
      return track ? [{ ...track, vector: vectorOf(track, model), ...anchor }] : [];
    }),
    albums: await readWholeAlbums(tx, userId, albumsToJudge(rows)),
    isDegraded: pool?.isDegraded ?? false,
    hidesExplicit,
  };
}

interface AnchorsRow {
  readonly ids: string | null;
  readonly versions: string | null;
  readonly open: number;
  readonly hidesExplicit: boolean;
}

const NOTHING: AnchorsRow = { ids: null, versions: null, open: 0, hidesExplicit: false };

/** What is known of the anchors, and whether the library is small; one that was hidden while the wave runs is not named. */
async function readAnchors(
  { trackMemory }: LibraryDeps,
  tx: Transaction,
  userId: string,
  anchors: readonly AnchorState[],
): Promise<{ known: RememberedTrack[]; isSmall: boolean; hidesExplicit: boolean }> {
  const [row] = await tx.$queryRaw<AnchorsRow[]>`
    SELECT string_agg(a.id, ' ') AS ids, string_agg(a.version, ' ') AS versions, (
      SELECT count(*) FROM (SELECT FROM indexed_track WHERE is_open LIMIT ${WHOLE_LIBRARY + 1}) open_tracks)::int AS open,
      EXISTS (SELECT FROM listener l WHERE l.user_id = ${userId} AND l.hides_explicit) AS "hidesExplicit"
    FROM (
      SELECT t.id, ${VERSION} AS version FROM indexed_track t
      WHERE t.id = ANY (${anchors.map(({ trackId }) => trackId)}::text[]) AND (t.is_open OR t.owner_id = ${userId})
      ORDER BY t.id) a`;
  const { ids, versions, open, hidesExplicit } = row ?? NOTHING;
  const found = await trackMemory.read(tx, { ids: split(ids), versions: split(versions) });
  const known = found.filter((track) => track !== undefined);
  return { known, isSmall: open <= WHOLE_LIBRARY, hidesExplicit };
}

/** Albums that enough of the tracks are on. */
function albumsToJudge(rows: readonly { readonly track: RememberedTrack }[]): string[] {
  const counts = new Map<string, number>();
  for (const id of rows.flatMap(({ track }) => track.albumIds)) counts.set(id, (counts.get(id) ?? 0) + 1);
  return [...counts].flatMap(([id, count]) => (count >= JUDGED_BY ? [id] : []));
}

/** Vectors of different models cannot be compared. */
const vectorOf = ({ embeddingModel, vector }: RememberedTrack, model: string | null) =>
  embeddingModel === model ? vector : null;
