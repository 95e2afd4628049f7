import { choose, chooseSpaced, type Choice, type Moment } from './choose.ts';
import { nameRequest } from './context-fit.ts';
import type { Decision, WavePick } from './decision.ts';
import { curveMisfit } from './energy-curve.ts';
import { exploreTracks, mayExplore } from './explore.ts';
import { type AlbumChoice, chooseAlbum, mayBeAlbum } from './pick-album.ts';
import type { Lean } from './reasons.ts';
import { isAllowed, isRested, namesOfAllowed, type PastPick } from './rules.ts';
import { scoreTrack, type ScoredTrack, withTerm } from './score-track.ts';
import type { Candidate, WaveAlbum } from './state.ts';
import { varyTold } from './vary-told.ts';
import { toWorld, type World, type WorldInput } from './world.ts';

/** What a track loses whose energy is as far from the curve as it can be. */
const CURVE = 0.6;

export interface PlanInput extends WorldInput {
  readonly notNow: readonly string[];
  readonly shaken: readonly string[];
  readonly shakenUntil: number;
  readonly curveFrom: number;
  /** Albums that some of the candidates are on. */
  readonly albums: readonly WaveAlbum[];
  /** The index of sounds did not answer while candidates were looked for. */
  readonly isDegraded: boolean;
  readonly past: readonly PastPick[];
  readonly sinceSkip: number;
  /** Seq of the first new pick. */
  readonly firstSeq: number;
  readonly count: number;
  /** Not to be the first pick where there is another. */
  readonly avoid: string | null;
}

/**
 * What to play next. Never a disliked track or one that the settings rule out; a track heard within a day or played by
 * this wave only where nothing else is left, the least recent first. Fewer picks than asked for only where nothing may
 * be played. Equal inputs give equal picks.
 */
export function planPicks(input: PlanInput): WavePick[] {
  const world = toWorld(input, input.firstSeq < input.shakenUntil);
  const isFit = isAllowed(input.settings, input.notNow);
  const allowed = input.candidates.filter(isFit);
  // no anchor speaks to a stranger: what is popular and what is new take turns
  const popular = rank(world, allowed, 'POPULAR');
  const fresh = world.anchors.length === 0 ? rank(world, allowed, 'FRESH') : popular;
  const byId = new Map(allowed.map((track) => [track.id, track]));
  const past = [...input.past];
  const picks: WavePick[] = [];
  for (let index = 0; index < input.count; index++) {
    const seq = input.firstSeq + index;
    const ranked = alongCurve(input, seq % 2 === 1 ? popular : fresh, seq);
    const choice = chooseNext(input, { world, past, shaken: input.shaken }, ranked, index);
    if (!choice) break;
    const pick = varyTold(toPick(input, choice), picks, seq);
    const track = byId.get(pick.trackId) ?? choice.scored.track;
    picks.push(pick);
    past.push({ ...track, trackId: track.id, exploratory: pick.exploratory, trackIds: tracksOf(choice) });
  }
  return picks;
}

type Next = Choice | AlbumChoice;

const tracksOf = (choice: Next): readonly string[] => ('album' in choice ? choice.album.trackIds : []);

function chooseNext(
  input: PlanInput,
  moment: Moment,
  ranked: readonly ScoredTrack[],
  index: number,
): Next | undefined {
  const seq = input.firstSeq + index;
  const explored = explore(input, moment, ranked, index);
  if (explored) return explored;
  const album = mayBeAlbum(seq) ? chooseAlbum(moment, ranked, allowedAlbums(input)) : undefined;
  return album ?? choose(moment, ranked, index === 0 ? input.avoid : null);
}

/** An album is played whole: nothing of it may be what the listener does not want. */
function allowedAlbums({ settings, notNow, albums }: PlanInput): WaveAlbum[] {
  return albums.filter(
    ({ trackIds, hasExplicit, hasAiSuspected }) =>
      !(settings.explicit === 'EXCLUDE' && hasExplicit) &&
      !(settings.excludesAiSuspected && hasAiSuspected) &&
      !notNow.some((trackId) => trackIds.includes(trackId)),
  );
}

/** Best first, equal scores by id, so that nothing depends on the order of rows. */
function rank(world: World, tracks: readonly Candidate[], lean: Lean): ScoredTrack[] {
  return bestFirst(tracks.map((track) => scoreTrack(world, track, lean)));
}

function bestFirst(scored: readonly ScoredTrack[]): ScoredTrack[] {
  return scored.toSorted((a, b) => b.score - a.score || (a.track.id < b.track.id ? -1 : 1));
}

function alongCurve({ settings, curveFrom }: PlanInput, ranked: ScoredTrack[], seq: number): ScoredTrack[] {
  const curve = settings.energyCurve;
  if (curve === 'FLAT') return ranked;
  const bend = (scored: ScoredTrack) =>
    withTerm(scored, 'energyCurve', -CURVE * curveMisfit(curve, seq - curveFrom, scored.track.energy));
  return bestFirst(ranked.map(bend));
}

function explore(
  { sinceSkip, firstSeq }: PlanInput,
  moment: Moment,
  ranked: readonly ScoredTrack[],
  index: number,
): Choice | undefined {
  const { world, past } = moment;
  const state = {
    total: past.length,
    explored: past.filter(({ exploratory }) => exploratory).length,
    lastExplored: past.at(-1)?.exploratory ?? false,
    sinceSkip: sinceSkip + index,
    seq: firstSeq + index,
  };
  if (!mayExplore(world, state)) return undefined;
  const rests = isRested(world, past, moment.shaken);
  const fitting = ranked.flatMap(({ track, tier }) => (rests(track) && tier === 0 ? [track] : []));
  return chooseSpaced(moment, exploreTracks(world, fitting, state.seq));
}

function toPick({ settings, isDegraded }: PlanInput, choice: Next): WavePick {
  const { scored, passed, relaxed } = choice;
  const asked = nameRequest(settings.mood, settings.activity);
  const reason: Decision = {
    ...scored.tell(scored.terms),
    ...(asked !== null && scored.tier === 0 && { asked }),
    passed: [...namesOfAllowed(settings), ...passed],
    relaxed: [...relaxed],
    ...(isDegraded && { degraded: true }),
  };
  return {
    trackId: 'album' in choice ? choice.first.id : scored.track.id,
    albumId: 'album' in choice ? choice.album.id : null,
    score: scored.score,
    exploratory: reason.kind === 'EXPLORING',
    reason,
  };
}
