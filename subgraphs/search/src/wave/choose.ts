import { cosine } from '../ranking/vector.ts';
import type { Rule } from './decision.ts';
import {
  ARTIST_WINDOW,
  heardMs,
  isAlbumSpaced,
  isArtistSpaced,
  isNewSound,
  isRested,
  type PastPick,
  type Test,
} from './rules.ts';
import { type ScoredTrack, withTerm } from './score-track.ts';
import type { World } from './world.ts';

/** Among so many of the best that fit, the one that adds most to what was played last. */
const CHOICE = 40;
/** What likeness to the last picks costs: maximal marginal relevance with λ of about 0.9. */
const DIVERSITY = 0.1;

export interface Choice {
  readonly scored: ScoredTrack;
  readonly passed: readonly Rule[];
  readonly relaxed: readonly Rule[];
}

/** What the wave has been through when a pick is made. */
export interface Moment {
  readonly world: World;
  readonly past: readonly PastPick[];
  readonly shaken: readonly string[];
}

/** The best of what is rested, else of what the wave has not played, else of all: the least recent first. */
export function choose(
  moment: Moment,
  ranked: readonly ScoredTrack[],
  avoid: string | null,
): Choice | undefined {
  const others =
    avoid !== null && ranked.length > 1 ? ranked.filter(({ track }) => track.id !== avoid) : ranked;
  return chooseRested(moment, others) ?? chooseWorn(moment, others);
}

/** The best that keeps all rules that a track which tries something has to keep. */
export function chooseSpaced(moment: Moment, ranked: readonly ScoredTrack[]): Choice | undefined {
  const { world, past, shaken } = moment;
  const tests = [
    isRested(world, past, shaken),
    isNewSound(past),
    isAlbumSpaced(past),
    isArtistSpaced(past, 0),
  ];
  const scored = ranked.find(({ track, tier }) => tier === 0 && tests.every((test) => test(track)));
  return scored && { scored, passed: [...FITS(moment), ...SPACED], relaxed: [] };
}

const SPACED = ['RESTED', 'NOT_THE_SAME_SOUND', 'ALBUM_SPACED', 'ARTIST_SPACED'] as const;

/** The rule is one only where something was asked for. */
const FITS = ({ world: { settings } }: Moment): Rule[] =>
  settings.mood === 'ANY' && settings.activity === 'ANY' ? [] : ['FITS_REQUEST'];

function chooseRested(moment: Moment, ranked: readonly ScoredTrack[]): Choice | undefined {
  const { world, past, shaken } = moment;
  const [rests, isNew] = [isRested(world, past, shaken), isNewSound(past)];
  // what was asked for comes before the distance between artists
  const tiers = [...new Set(ranked.map(({ tier }) => tier))].toSorted((a, b) => a - b);
  for (const tier of tiers) {
    const ofTier = tiers.length === 1 ? ranked : ranked.filter((scored) => scored.tier === tier);
    for (const { fits, relaxed } of spacings(past)) {
      // the best are looked at and not all: whether a track is rested is asked of those that come first
      const best = diversest(ofTier, (track) => fits(track) && rests(track) && isNew(track), past);
      if (best) return toChoice(moment, best, [...relaxed, ...(tier > 0 ? (['FITS_REQUEST'] as const) : [])]);
    }
  }
  return undefined;
}

/** All rested tracks are used up. */
function chooseWorn(moment: Moment, ranked: readonly ScoredTrack[]): Choice | undefined {
  const { past } = moment;
  const inWave = new Map(past.map(({ trackId }, index) => [trackId, index]));
  const unplayed = ranked
    .filter(({ track }) => !inWave.has(track.id))
    .toSorted((a, b) => heardMs(a.track) - heardMs(b.track))
    .slice(0, ARTIST_WINDOW);
  const spaced = spacings(past)
    .filter(({ relaxed }) => relaxed[0] === 'ALBUM_SPACED')
    .map(({ fits }) => unplayed.find(({ track }) => fits(track)))
    .find((scored) => scored !== undefined);
  const least = ranked.toSorted((a, b) => (inWave.get(a.track.id) ?? 0) - (inWave.get(b.track.id) ?? 0))[0];
  const scored = spaced ?? least;
  if (!scored) return undefined;
  return toChoice(moment, scored, [...SPACED, ...(scored.tier > 0 ? (['FITS_REQUEST'] as const) : [])]);
}

/** What is given up first: albums' distance, then that of the artists heard longest ago. */
function spacings(past: readonly PastPick[]): { fits: Test; relaxed: Rule[] }[] {
  const [albums, artists] = [isAlbumSpaced(past), isArtistSpaced(past, 0)];
  const forgiving = Array.from({ length: Math.min(past.length, ARTIST_WINDOW - 1) }, (_, index) => ({
    fits: isArtistSpaced(past, index + 1),
    relaxed: ['ALBUM_SPACED', 'ARTIST_SPACED'] as Rule[],
  }));
  return [
    { fits: (track) => artists(track) && albums(track), relaxed: [] },
    { fits: artists, relaxed: ['ALBUM_SPACED'] },
    ...forgiving,
  ];
}

function diversest(
  ranked: readonly ScoredTrack[],
  fits: Test,
  past: readonly PastPick[],
): ScoredTrack | undefined {
  const recent = past.slice(1 - ARTIST_WINDOW).flatMap(({ vector }) => (vector ? [vector] : []));
  let best: ScoredTrack | undefined;
  let seen = 0;
  for (const scored of ranked) {
    if (!fits(scored.track)) continue;
    const { vector } = scored.track;
    const likeness = vector ? Math.max(0, ...recent.map((other) => cosine(other, vector))) : 0;
    const candidate = likeness > 0 ? withTerm(scored, 'diversity', -DIVERSITY * likeness) : scored;
    if (!best || candidate.score > best.score) best = candidate;
    seen += 1;
    if (seen === CHOICE) break;
  }
  return best;
}

function toChoice(moment: Moment, scored: ScoredTrack, relaxed: readonly Rule[]): Choice {
  const passed = [...FITS(moment), ...SPACED].filter((rule) => !relaxed.includes(rule));
  return { scored, passed, relaxed: [...relaxed] };
}
