import { toUnit } from '../ranking/vector.ts';
import { chance } from './chance.ts';
import type { Decision, Terms } from './decision.ts';
import type { PlanInput } from './plan-picks.ts';
import type { Anchor, Candidate, WaveSettings } from './state.ts';

export const NOW = new Date('2026-11-21T12:00:00Z');

export const SETTINGS: WaveSettings = {
  mood: 'ANY',
  activity: 'ANY',
  familiarity: 'DEFAULT',
  exploration: 0,
  languages: [],
  explicit: 'ALLOW',
  energyCurve: 'FLAT',
  excludesAiSuspected: false,
  randomSeed: 7,
};

export function aCandidate(overrides: Partial<Candidate> = {}): Candidate {
  const id = overrides.id ?? 'track';
  return {
    id,
    title: `Title of ${id}`,
    artistId: `artist of ${id}`,
    artistName: 'Somebody',
    recordingKey: `recording of ${id}`,
    genres: [],
    tempo: null,
    musicalKey: null,
    energy: null,
    valence: null,
    loudnessLufs: null,
    language: null,
    explicit: null,
    isAiSuspected: false,
    plays: 0,
    createdAt: new Date('2024-01-01T00:00:00Z'),
    vector: null,
    isLiked: false,
    isDisliked: false,
    heardAt: null,
    albumIds: [],
    listeners: null,
    ...overrides,
  };
}

/** An anchor at a candidate's place. */
export function anAnchor(track: Candidate, overrides: Partial<Anchor> = {}): Anchor {
  return { ...track, trackId: track.id, source: 'LIKED', base: 1, weight: 1, ...overrides };
}

/** The terms of a record in which only its ground counts. */
export const SOME_TERMS: Terms = {
  base: 1,
  artist: 0,
  context: 0,
  familiarity: 0,
  chance: 0,
  language: 0,
  energyCurve: 0,
  diversity: 0,
};

/** The record of a pick that sounds like a liked track. */
export function aLikedReason(anchorId: string, overrides: Partial<LikedReason> = {}): LikedReason {
  return {
    kind: 'LIKED',
    anchorId,
    anchorTitle: `Title of ${anchorId}`,
    source: 'LIKED',
    similarity: 1,
    weight: 1,
    traits: [],
    passed: [],
    relaxed: [],
    terms: SOME_TERMS,
    ...overrides,
  };
}

type LikedReason = Extract<Decision, { kind: 'LIKED' }>;

/** Tracks in clusters of sound; a cluster is a genre, and each artist belongs to one. */
export function aLibrary(tracks: number, clusters: number, seed = 1): Candidate[] {
  const noise = (...words: (string | number)[]) => chance(seed, ...words) - 0.5;
  const place = (words: (string | number)[], around: Float32Array, spread: number) =>
    toUnit(around.map((value, axis) => value + spread * noise(...words, axis)));
  const centres = Array.from({ length: clusters }, (_, c) => place(['centre', c], new Float32Array(16), 1));
  return Array.from({ length: tracks }, (_, index) => {
    const cluster = index % clusters;
    return aCandidate({
      id: `t${String(index).padStart(4, '0')}`,
      artistId: `artist ${index % (clusters * 5)}`,
      genres: [`genre ${cluster}`],
      vector: place(['track', index], centres[cluster] ?? new Float32Array(16), 0.35),
    });
  });
}

export function aPlan(overrides: Partial<PlanInput> = {}): PlanInput {
  return {
    settings: SETTINGS,
    seed: null,
    anchors: [],
    penalties: {},
    notNow: [],
    shaken: [],
    shakenUntil: 0,
    curveFrom: 1,
    albums: [],
    isDegraded: false,
    candidates: [],
    past: [],
    sinceSkip: Infinity,
    firstSeq: 1,
    count: 5,
    avoid: null,
    now: NOW,
    ...overrides,
  };
}
