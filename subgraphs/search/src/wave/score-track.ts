import { cosine } from '../ranking/vector.ts';
import { chance } from './chance.ts';
import { contextMisfit } from './context-fit.ts';
import type { Anchor, Candidate, Decision, Familiarity, Terms, WaveSettings } from './state.ts';

/** The scale is that of a cosine: an anchor of weight 1 gives a track that sounds the same 1. */
const POPULAR = 0.3;
const FRESH = 0.2;
const FRESH_DAYS = 30;
const CONTEXT = 0.6;
const LIKED_BONUS = 0.4;
const HEARD_BONUS = 0.2;
const POPULAR_BONUS = 0.3;
const KNOWN_TRACK_LOSS = 0.4;
const KNOWN_ARTIST_LOSS = 0.2;
/** Keeps two waves of one taste from being the same wave. */
const CHANCE = 0.04;
const DAY_MS = 86_400_000;

/** What all candidates of one plan are scored against. */
export interface World {
  readonly settings: WaveSettings;
  readonly seed: { readonly id: string; readonly title: string } | null;
  readonly anchors: readonly Anchor[];
  /** By artist id. */
  readonly penalties: Readonly<Record<string, number>>;
  readonly knownArtists: ReadonlySet<string>;
  readonly maxPlays: number;
  readonly now: Date;
}

export interface ScoredTrack {
  readonly track: Candidate;
  readonly score: number;
  readonly reason: Decision;
}

/** Which of popularity and freshness is asked for where no anchor can speak. */
export type Lean = 'POPULAR' | 'FRESH';

/** Scores a track by the strongest reason to play it, and keeps that reason. */
export function scoreTrack(world: World, track: Candidate, lean: Lean): ScoredTrack {
  const near = nearestAnchor(world, track);
  const popular = POPULAR * popularity(world, track);
  const fresh = FRESH * freshness(world, track);
  const leant = { POPULAR: popular > 0 ? 1 : 0, FRESH: fresh }[lean];
  const base = world.anchors.length === 0 ? leant : Math.max(near?.value ?? 0, popular, fresh);
  const terms = { base, ...otherTerms(world, track) };
  const score = base + terms.artist + terms.context + terms.familiarity + terms.chance;
  const byAnchor = near !== null && near.value > 0 && near.value >= base;
  if (byAnchor) return { track, score, reason: anchorReason(world, near, terms) };
  const isPopular =
    world.anchors.length === 0 ? lean === 'POPULAR' && popular > 0 : popular >= fresh && popular > 0;
  return {
    track,
    score,
    reason: isPopular ? { kind: 'POPULAR', plays: track.plays, terms } : freshReason(track, terms),
  };
}

/** The terms that hold whatever the reason is. */
export function otherTerms(world: World, track: Candidate): Omit<Terms, 'base'> {
  const { mood, activity, randomSeed } = world.settings;
  return {
    artist: -(world.penalties[track.artistId] ?? 0),
    context: -CONTEXT * contextMisfit(mood, activity, track),
    familiarity: FAMILIARITY[world.settings.familiarity](world, track),
    chance: CHANCE * (chance(randomSeed, track.id) - 0.5),
  };
}

interface Near {
  readonly anchor: Anchor;
  readonly similarity: number;
  readonly value: number;
}

/** The anchor that speaks loudest for a track; a track speaks for itself only where favourites are asked for. */
function nearestAnchor({ anchors, settings }: World, track: Candidate): Near | null {
  if (!track.vector) return null;
  let best: Near | null = null;
  for (const anchor of anchors) {
    if (!anchor.vector || (anchor.trackId === track.id && settings.familiarity !== 'FAVOURITE')) continue;
    const similarity = cosine(anchor.vector, track.vector);
    const value = anchor.weight * similarity;
    if (!best || value > best.value) best = { anchor, similarity, value };
  }
  return best;
}

function anchorReason({ seed }: World, { anchor, similarity }: Near, terms: Terms): Decision {
  const shared = {
    anchorId: anchor.trackId,
    similarity: Math.min(1, Math.max(0, similarity)),
    weight: anchor.weight,
    terms,
  };
  if (anchor.source === 'SEED' && seed)
    return { kind: 'SEED', seed: seed.id, seedTitle: seed.title, ...shared };
  const source = anchor.source === 'FINISHED' ? 'FINISHED' : 'LIKED';
  return { kind: 'LIKED', anchorTitle: anchor.title, source, ...shared };
}

function freshReason({ createdAt, heardAt, genres: [genre] }: Candidate, terms: Terms): Decision {
  const named = genre === undefined ? {} : { genre };
  return { kind: 'FRESH', uploadedAt: createdAt.toISOString(), heard: heardAt !== null, ...named, terms };
}

const FAMILIARITY: Readonly<Record<Familiarity, (world: World, track: Candidate) => number>> = {
  DEFAULT: () => 0,
  FAVOURITE: (_world, { isLiked, heardAt }) => (isLiked ? LIKED_BONUS : heardAt ? HEARD_BONUS : 0),
  POPULAR: (world, track) => POPULAR_BONUS * popularity(world, track),
  DISCOVER: ({ knownArtists }, { isLiked, heardAt, artistId }) =>
    (isLiked || heardAt ? -KNOWN_TRACK_LOSS : 0) - (knownArtists.has(artistId) ? KNOWN_ARTIST_LOSS : 0),
};

const popularity = ({ maxPlays }: World, { plays }: Candidate): number =>
  maxPlays > 0 ? Math.log1p(plays) / Math.log1p(maxPlays) : 0;

const freshness = ({ now }: World, { createdAt }: Candidate): number =>
  Math.exp(-Math.max(0, now.getTime() - createdAt.getTime()) / (FRESH_DAYS * DAY_MS));
