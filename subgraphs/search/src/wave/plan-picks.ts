import { cosine } from '../ranking/vector.ts';
import { contextTier, nameRequest } from './context-fit.ts';
import { exploreTracks, mayExplore } from './explore.ts';
import { type Lean, scoreTrack, type ScoredTrack, type World } from './score-track.ts';
import type { Anchor, Candidate, Decision, WavePick, WaveSettings } from './state.ts';

/** Any six tracks in a row are by six artists while there is a choice. */
const ARTIST_WINDOW = 6;
/** A track that was heard is left alone for a day. */
const REST_MS = 86_400_000;
/** Vectors this near are taken for two copies of one recording. */
const SAME_SOUND = 0.995;

/** What a wave has played or holds ready, in order. */
export interface PastPick {
  readonly trackId: string;
  readonly artistId: string;
  readonly recordingKey: string;
  readonly exploratory: boolean;
  readonly vector: Float32Array | null;
}

export interface PlanInput {
  readonly settings: WaveSettings;
  readonly seed: World['seed'];
  readonly anchors: readonly Anchor[];
  readonly penalties: World['penalties'];
  readonly notNow: readonly string[];
  /** Without tracks of blocked artists. */
  readonly candidates: readonly Candidate[];
  readonly past: readonly PastPick[];
  readonly sinceSkip: number;
  /** Seq of the first new pick. */
  readonly firstSeq: number;
  readonly count: number;
  /** Not to be the first pick where there is another. */
  readonly avoid: string | null;
  readonly now: Date;
}

/**
 * What to play next. Never a disliked track; a track heard within a day or played by this wave only where
 * nothing else is left, the least recent first. Fewer picks than asked for only where nothing may be played.
 */
export function planPicks(input: PlanInput): WavePick[] {
  const world = toWorld(input);
  const refused = new Set(input.notNow);
  const allowed = input.candidates.filter((track) => !track.isDisliked && !refused.has(track.id));
  // no anchor speaks to a stranger: what is popular and what is new take turns
  const popular = rank(world, allowed, 'POPULAR');
  const fresh = world.anchors.length === 0 ? rank(world, allowed, 'FRESH') : popular;
  const past = [...input.past];
  const picks: WavePick[] = [];
  for (let index = 0; index < input.count; index++) {
    const seq = input.firstSeq + index;
    const ranked = seq % 2 === 1 ? popular : fresh;
    const avoid = index === 0 ? input.avoid : null;
    const explored = explore(world, input, ranked, past, seq, index);
    const next = explored ?? choose(world, ranked, past, avoid);
    if (!next) break;
    const { track, score } = next;
    const reason = withRequest(world, next);
    picks.push({ trackId: track.id, score, exploratory: reason.kind === 'EXPLORING', reason });
    past.push({ ...track, trackId: track.id, exploratory: reason.kind === 'EXPLORING' });
  }
  return picks;
}

function toWorld({ settings, seed, anchors, penalties, candidates, now }: PlanInput): World {
  const usable = anchors.filter(({ vector }) => vector !== null);
  return {
    settings,
    seed,
    anchors: usable,
    penalties,
    knownArtists: new Set(anchors.map(({ artistId }) => artistId)),
    maxPlays: candidates.reduce((most, { plays }) => Math.max(most, plays), 0),
    now,
  };
}

/** A pick that is near what was asked for says so. */
function withRequest({ settings: { mood, activity } }: World, { track, reason }: ScoredTrack): Decision {
  const asked = nameRequest(mood, activity);
  return asked !== null && contextTier(mood, activity, track) === 0 ? { ...reason, asked } : reason;
}

/** Best first, equal scores by id, so that nothing depends on the order of rows. */
function rank(world: World, tracks: readonly Candidate[], lean: Lean): ScoredTrack[] {
  return tracks
    .map((track) => scoreTrack(world, track, lean))
    .toSorted((a, b) => b.score - a.score || (a.track.id < b.track.id ? -1 : 1));
}

function explore(
  world: World,
  { sinceSkip }: PlanInput,
  ranked: readonly ScoredTrack[],
  past: readonly PastPick[],
  seq: number,
  index: number,
): ScoredTrack | undefined {
  const explored = past.filter(({ exploratory }) => exploratory).length;
  const state = {
    total: past.length,
    explored,
    lastExplored: past.at(-1)?.exploratory ?? false,
    sinceSkip: sinceSkip + index,
    seq,
  };
  if (!mayExplore(world, state)) return undefined;
  const rests = isRested(world, past);
  const rested = ranked.flatMap(({ track }) => (rests(track) && tierOf(world, track) === 0 ? [track] : []));
  return firstSpaced(exploreTracks(world, rested, seq), past, isNewSound(past));
}

/** The best of what is rested, else of what the wave has not played, else of all: the least recent first. */
function choose(
  world: World,
  ranked: readonly ScoredTrack[],
  past: readonly PastPick[],
  avoid: string | null,
): ScoredTrack | undefined {
  const others = ranked.length > 1 ? ranked.filter(({ track }) => track.id !== avoid) : ranked;
  const rests = isRested(world, past);
  const isNew = isNewSound(past);
  // what was asked for comes before the distance between artists
  for (const tier of new Set(others.map(({ track }) => tierOf(world, track)).toSorted((a, b) => a - b))) {
    const rested = firstSpaced(
      others,
      past,
      (track) => tierOf(world, track) === tier && rests(track) && isNew(track),
    );
    if (rested) return rested;
  }
  const inWave = new Map(past.map(({ trackId }, index) => [trackId, index]));
  const unplayed = others
    .filter(({ track }) => !inWave.has(track.id))
    .toSorted((a, b) => heardMs(a.track) - heardMs(b.track));
  if (unplayed.length > 0) return firstSpaced(unplayed.slice(0, ARTIST_WINDOW), past);
  return others.toSorted((a, b) => (inWave.get(a.track.id) ?? 0) - (inWave.get(b.track.id) ?? 0))[0];
}

/** Tells what this wave has not played, in any upload, and the listener has not heard for a day. */
function isRested({ settings, seed, now }: World, past: readonly PastPick[]): (track: Candidate) => boolean {
  const played = new Set(past.flatMap(({ trackId, recordingKey }) => [trackId, recordingKey]));
  return (track) =>
    !(played.has(track.id) || played.has(track.recordingKey) || track.id === seed?.id) &&
    (settings.familiarity === 'FAVOURITE' || now.getTime() - heardMs(track) >= REST_MS);
}

function isNewSound(past: readonly PastPick[]): (track: Candidate) => boolean {
  const vectors = past.slice(-ARTIST_WINDOW).flatMap(({ vector }) => (vector ? [vector] : []));
  return ({ vector }) => !vector || vectors.every((other) => cosine(other, vector) <= SAME_SOUND);
}

/** The first that fits and whose artist was not heard lately; where there is none, the oldest are forgiven first. */
function firstSpaced(
  ranked: readonly ScoredTrack[],
  past: readonly PastPick[],
  fits: (track: Candidate) => boolean = () => true,
): ScoredTrack | undefined {
  const recent = past.slice(1 - ARTIST_WINDOW).map(({ artistId }) => artistId);
  for (let forgiven = 0; forgiven <= recent.length; forgiven++) {
    const near = new Set(recent.slice(forgiven));
    const found = ranked.find(({ track }) => !near.has(track.artistId) && fits(track));
    if (found) return found;
  }
  return undefined;
}

const tierOf = ({ settings: { mood, activity } }: World, track: Candidate): number =>
  contextTier(mood, activity, track);

const heardMs = ({ heardAt }: Candidate): number => heardAt?.getTime() ?? 0;
