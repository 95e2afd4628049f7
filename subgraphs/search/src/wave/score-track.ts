import { chance } from './chance.ts';
import { contextMisfit, contextTier } from './context-fit.ts';
import type { Reason, Terms } from './decision.ts';
import { type Lean, popularity, strongestGround } from './reasons.ts';
import type { Candidate, Familiarity } from './state.ts';
import type { World } from './world.ts';

const CONTEXT = 0.6;
const LIKED_BONUS = 0.4;
const HEARD_BONUS = 0.2;
const POPULAR_BONUS = 0.3;
const KNOWN_TRACK_LOSS = 0.4;
const KNOWN_ARTIST_LOSS = 0.2;
/** What an artist of whom the listener likes a track is given beforehand. */
const ARTIST_PRIOR = 0.05;
/** What a track loses whose language nobody has said, where one is asked for. */
const UNKNOWN_LANGUAGE = 0.2;
/** Keeps two waves of one taste from being the same wave; a wave that was shaken has more of it. */
const CHANCE = { steady: 0.04, shaken: 0.3 } as const;

export interface ScoredTrack {
  readonly track: Candidate;
  readonly score: number;
  /** How far from what was asked for it is: a lower tier comes before any higher one. */
  readonly tier: number;
  readonly terms: Terms;
  /** Makes the record; only of what is picked. */
  readonly tell: (terms: Terms) => Reason;
}

/** Scores a track by the strongest reason to play it, and keeps that reason. */
export function scoreTrack(world: World, track: Candidate, lean: Lean): ScoredTrack {
  const ground = strongestGround(world, track, lean);
  const terms = { ...otherTerms(world, track), base: ground.value };
  return toScored(world, track, terms, ground.tell);
}

/** A track with the sum of its terms. */
export function toScored(
  { settings: { mood, activity } }: World,
  track: Candidate,
  terms: Terms,
  tell: (terms: Terms) => Reason,
): ScoredTrack {
  return { track, score: sum(terms), tier: contextTier(mood, activity, track), terms, tell };
}

/** The terms that hold whatever the reason is. */
export function otherTerms(world: World, track: Candidate): Terms {
  const { mood, activity, randomSeed, familiarity, languages } = world.settings;
  const prior = ARTIST_PRIOR * (world.artistAnchors.get(track.artistId)?.weight ?? 0);
  const dice = world.isShaken ? CHANCE.shaken : CHANCE.steady;
  return {
    base: 0,
    artist: prior - (world.penalties[track.artistId] ?? 0),
    context: -CONTEXT * contextMisfit(mood, activity, track),
    familiarity: FAMILIARITY[familiarity](world, track),
    chance: dice * (chance(randomSeed, track.id) - 0.5),
    language: languages.length > 0 && track.language === null ? -UNKNOWN_LANGUAGE : 0,
    energyCurve: 0,
    diversity: 0,
  };
}

/** The same track with one term changed. */
export function withTerm(scored: ScoredTrack, name: 'energyCurve' | 'diversity', value: number): ScoredTrack {
  const terms = { ...scored.terms, [name]: value };
  return { ...scored, score: sum(terms), terms };
}

function sum(terms: Terms): number {
  const { base, artist, context, familiarity, chance: dice, language, energyCurve, diversity } = terms;
  return base + artist + context + familiarity + dice + language + energyCurve + diversity;
}

const FAMILIARITY: Readonly<Record<Familiarity, (world: World, track: Candidate) => number>> = {
  DEFAULT: () => 0,
  FAVOURITE: (_world, { isLiked, heardAt }) => (isLiked ? LIKED_BONUS : heardAt ? HEARD_BONUS : 0),
  POPULAR: (world, track) => POPULAR_BONUS * popularity(world, track),
  DISCOVER: ({ artistAnchors }, { isLiked, heardAt, artistId }) =>
    (isLiked || heardAt ? -KNOWN_TRACK_LOSS : 0) - (artistAnchors.has(artistId) ? KNOWN_ARTIST_LOSS : 0),
};
