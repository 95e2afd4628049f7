import { describe, expect, it } from '@jest/globals';

import { chance } from './chance.ts';
import { giveCredit, type Outcome } from './credit.ts';
import { planPicks } from './plan-picks.ts';
import type { PastPick } from './rules.ts';
import { type Anchor, beginState, type Candidate } from './state.ts';
import { aLibrary, anAnchor, aPlan, NOW, SETTINGS } from './testing-library.ts';

const OUTCOMES: readonly Outcome[] = [
  'FINISHED',
  'SKIPPED',
  'MOSTLY_HEARD',
  'LIKED',
  'SKIPPED_EARLY',
  'REPLAYED',
];

interface Step {
  readonly track: Candidate;
  readonly exploratory: boolean;
  readonly outcome: Outcome;
}

/** Plays a wave one track at a time, each reaction given before the next pick is made. */
function play(
  library: readonly Candidate[],
  likedIds: readonly string[],
  steps: number,
  react: (track: Candidate, step: number) => Outcome,
  randomSeed = 1,
): Step[] {
  const tracks = new Map(library.map((track) => [track.id, track]));
  const disliked = new Set<string>();
  const past: PastPick[] = [];
  const played: Step[] = [];
  let state = beginState(
    likedIds.map((trackId) => ({ trackId, source: 'LIKED', base: 1, weight: 1 })),
    null,
  );
  let sinceSkip = Infinity;
  for (let step = 0; step < steps; step++) {
    const [pick] = planPicks(
      aPlan({
        settings: { ...SETTINGS, exploration: 0.3, randomSeed },
        candidates: library.map((track) => (disliked.has(track.id) ? { ...track, isDisliked: true } : track)),
        anchors: state.anchors.flatMap((anchor): Anchor[] => {
          const track = tracks.get(anchor.trackId);
          return track ? [anAnchor(track, anchor)] : [];
        }),
        penalties: state.penalties,
        notNow: state.notNow,
        past: past.slice(-100),
        sinceSkip,
        firstSeq: step + 1,
        count: 1,
        now: NOW,
      }),
    );
    const track = tracks.get(pick?.trackId ?? '');
    if (!pick || !track) break;
    const outcome = react(track, step);
    played.push({ track, exploratory: pick.exploratory, outcome });
    past.push({ ...track, trackId: track.id, exploratory: pick.exploratory });
    if (outcome === 'DISLIKED') disliked.add(track.id);
    sinceSkip = ['SKIPPED', 'SKIPPED_EARLY', 'DISLIKED'].includes(outcome) ? 0 : sinceSkip + 1;
    const vectorOf = (id: string) => tracks.get(id)?.vector ?? null;
    state = giveCredit(state, { ...track, trackId: track.id, reason: pick.reason }, outcome, vectorOf);
  }
  return played;
}

function reactAtRandom(_track: Candidate, step: number): Outcome {
  const dice = chance(99, step);
  if (dice < 0.015) return 'DISLIKED';
  return dice < 0.025 ? 'NOT_NOW' : (OUTCOMES[Math.floor(chance(98, step) * OUTCOMES.length)] ?? 'FINISHED');
}

/** Wants two genres, and from the twentieth track on only one of them. */
function reactWithMood({ genres: [genre] }: Candidate, step: number): Outcome {
  return genre === 'genre 1' || (step < 20 && genre === 'genre 0') ? 'FINISHED' : 'SKIPPED_EARLY';
}

/** What a listener would have to complain of. */
function findBroken(steps: readonly Step[]): string[] {
  const refused = new Set<string>();
  let safeUntil = -1;
  return steps.flatMap(({ track, exploratory, outcome }, index) => {
    const broken = [
      refused.has(track.id) && `${index}: a refused track returned`,
      exploratory && index <= safeUntil && `${index}: explored after a skip`,
      exploratory && steps[index - 1]?.exploratory && `${index}: explored twice in a row`,
    ];
    if (outcome === 'DISLIKED' || outcome === 'NOT_NOW') refused.add(track.id);
    if (outcome === 'SKIPPED' || outcome === 'SKIPPED_EARLY' || outcome === 'DISLIKED') safeUntil = index + 3;
    return broken.filter((complaint) => typeof complaint === 'string');
  });
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('a wave', () => {
  it('keeps its promises over 10,000 random reactions', () => {
    const waves = Array.from({ length: 10 }, (_, seed) =>
      play(aLibrary(80, 5, seed), ['t0000'], 1_000, reactAtRandom, seed),
    );
    for (const steps of waves) {
      expect(findBroken(steps)).toEqual([]);
      expect(steps).toHaveLength(1_000);
      expect(steps.filter(({ outcome }) => outcome === 'DISLIKED').length).toBeGreaterThan(5);
    }
    expect(waves.flat().some(({ exploratory }) => exploratory)).toBe(true);
  });

  it('leaves a mood behind within a few skips', () => {
    const library = aLibrary(480, 12);
    const waves = [0, 1, 2, 3].map((seed) =>
      play(library, ['t0000', 't0012', 't0001'], 50, reactWithMood, seed),
    );
    const skipRate = (from: number, to: number) =>
      mean(
        waves
          .flatMap((steps) => steps.slice(from, to))
          .map(({ outcome, exploratory }) => (outcome === 'SKIPPED_EARLY' && !exploratory ? 1 : 0)),
      );
    expect(skipRate(5, 20)).toBeLessThan(0.1);
    expect(skipRate(30, 50)).toBeLessThan(0.25);
  });
});
