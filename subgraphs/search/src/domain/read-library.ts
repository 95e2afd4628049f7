import { type Affinity, readAffinities } from '../collaborative/read-affinities.ts';
import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { JUDGED_BY } from '../wave/pick-album.ts';
import type { Anchor, AnchorState, Candidate, WaveAlbum } from '../wave/state.ts';
import { findNearAnchors } from './near-anchors.ts';
import { readWholeAlbums } from './read-albums.ts';
import { type Pool, readPool } from './read-pool.ts';
import { commonModel } from './read-taste.ts';
import { type RememberedTrack, split, VERSION } from './track-memory.ts';

export interface Library {
  readonly anchors: Anchor[];
  readonly candidates: Candidate[];
  readonly albums: WaveAlbum[];
  /** The index of sounds did not answer. */
  readonly isDegraded: boolean;
  /** The listener wants no explicit tracks, whatever is asked of the wave. */
  readonly hidesExplicit: boolean;
}

/** Whom a plan is made for, and what it begins from. */
export interface Measured {
  readonly userId: string;
  readonly anchors: readonly AnchorState[];
  readonly randomSeed: number;
  /** The anchors' tracks, by id, where they were just read. */
  readonly heard?: ReadonlyMap<string, RememberedTrack> | undefined;
}

type LibraryDeps = Pick<Deps, 'nearby' | 'trackMemory' | 'librarySize'>;

/** The open tracks that a wave may play and those that it measures by, as one listener knows them. */
export async function readLibrary(deps: LibraryDeps, tx: Transaction, measured: Measured): Promise<Library> {
  const { userId, anchors } = measured;
  const byId = measured.heard ?? (await readAnchors(deps, tx, userId, anchors));
  const known = anchors.flatMap(({ trackId }) => byId.get(trackId) ?? []);
  const { rows, affinities, ...found } = await readCandidates(deps, tx, measured, byId);
  const model = commonModel(known.length > 0 ? known : rows.map(({ track }) => track));
  return {
    ...found,
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
  };
}

interface Found extends Pool {
  readonly affinities: ReadonlyMap<string, Affinity>;
  readonly isDegraded: boolean;
}

/** In the order of their ids. While the index of sounds looks for what is near, the database draws the rest. */
async function readCandidates(
  deps: LibraryDeps,
  tx: Transaction,
  { userId, anchors, randomSeed }: Measured,
  byId: ReadonlyMap<string, RememberedTrack>,
): Promise<Found> {
  const isLarge = await deps.librarySize.isLarge(tx);
  const near = isLarge ? findNearAnchors(deps, anchors, byId) : null;
  const affinities = await readAffinities(tx, anchors);
  const named = [...affinities.keys()];
  const pool = await readPool(deps, tx, userId, isLarge ? { randomSeed, named } : null);
  const { ids, isDegraded } = (await near) ?? { ids: [], isDegraded: false };
  const drawn = new Set(pool.rows.map(({ track }) => track.id));
  const others = ids.filter((id) => !drawn.has(id));
  if (others.length === 0) return { ...pool, affinities, isDegraded };
  const more = await readPool(deps, tx, userId, { randomSeed: null, named: others });
  const rows = [...pool.rows, ...more.rows].toSorted((a, b) => (a.track.id < b.track.id ? -1 : 1));
  return { ...pool, rows, affinities, isDegraded };
}

/** What is known of the anchors; one that was hidden while the wave runs is not named. */
async function readAnchors(
  { trackMemory }: LibraryDeps,
  tx: Transaction,
  userId: string,
  anchors: readonly AnchorState[],
): Promise<Map<string, RememberedTrack>> {
  const [row] = await tx.$queryRaw<{ ids: string | null; versions: string | null }[]>`
    SELECT string_agg(a.id, ' ') AS ids, string_agg(a.version, ' ') AS versions
    FROM (
      SELECT t.id, ${VERSION} AS version FROM indexed_track t
      WHERE t.id = ANY (${anchors.map(({ trackId }) => trackId)}::text[]) AND (t.is_open OR t.owner_id = ${userId})
      ORDER BY t.id) a`;
  const found = { ids: split(row?.ids ?? null), versions: split(row?.versions ?? null) };
  const tracks = await trackMemory.read(tx, found);
  return new Map(tracks.flatMap((track) => (track ? [[track.id, track]] : [])));
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
