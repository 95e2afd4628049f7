import type { Deps } from '../context.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { WaveItem } from '../models.ts';
import type { WavePick } from '../wave/decision.ts';
import { planPicks } from '../wave/plan-picks.ts';
import type { Candidate, WaveState } from '../wave/state.ts';
import { relate, type Sound, type Transition } from '../wave/transition.ts';
import { type Measured, readLibrary } from './read-library.ts';
import { NO_PAST, type Past, readPast } from './read-past.ts';
import { log, type WaveSession } from './wave-session.ts';
import { heeding, readSettings } from './wave-settings.ts';

/** Items that are ready to be played, and how few of them make more be picked. */
const BUFFER = 5;
const LOW = 2;

type PlanDeps = Pick<Deps, 'nearby' | 'trackMemory' | 'librarySize'>;

/** A pick, and how it follows what is before it. */
export interface FollowingPick extends WavePick {
  readonly transition: Transition | null;
}

/**
 * Picks more where few items are ready, and keeps what the session has learned. Call it last: it writes the
 * wave's row. A wave ends only where nothing in the library may be played.
 */
export async function extendWave(
  deps: PlanDeps,
  session: WaveSession,
  avoid: string | null = null,
): Promise<void> {
  const { tx, wave } = session;
  const queued = await tx.waveItem.count({ where: { waveId: wave.id, state: 'QUEUED' } });
  let extended = session;
  if (queued <= LOW && !wave.isEnded) {
    const past = await readPast(tx, wave.id);
    const picks = await pickMore(deps, session, { past, count: BUFFER - queued, avoid });
    if (picks.length > 0) extended = await addItems(session, picks);
    else if (queued === 0) extended = await end(session);
  }
  const { state, wave: changed } = extended;
  const { nextSeq, logLength, isEnded } = changed;
  await tx.wave.update({ where: { id: wave.id }, data: { state, nextSeq, logLength, isEnded } });
}

/** Writes a wave that nobody knows yet with its first items, of which nothing has to be asked that it has played. */
export async function beginItems(
  deps: PlanDeps,
  session: WaveSession,
  heard: Measured['heard'],
): Promise<readonly WaveItem[]> {
  const picks = await pickMore(deps, session, { past: NO_PAST, count: BUFFER, avoid: null, heard });
  const { wave } = picks.length > 0 ? await addItems(session, picks) : await end(session);
  const { createdAt: _now, ...row } = wave;
  await session.tx.wave.create({ data: { ...row, state: session.state, begun: session.state } });
  return toItems(session, picks);
}

interface Wanted {
  readonly past: Past;
  readonly count: number;
  /** Not to be the first pick where there is another. */
  readonly avoid: string | null;
  readonly heard?: Measured['heard'];
}

async function pickMore(
  deps: PlanDeps,
  { tx, wave, state }: WaveSession,
  { past: { past, sinceSkip, last }, count, avoid, heard }: Wanted,
): Promise<FollowingPick[]> {
  const { userId, randomSeed, nextSeq, seed } = wave;
  const library = await readLibrary(deps, tx, { userId, anchors: state.anchors, randomSeed, heard });
  const picks = planPicks({
    ...library,
    ...knownOf(state),
    settings: heeding(readSettings(wave), library),
    seed: seed === null ? null : { id: seed, title: state.seedTitle ?? '' },
    past,
    sinceSkip,
    firstSeq: nextSeq,
    count,
    avoid,
    now: new Date(),
  });
  return followEachOther(picks, library.candidates, last);
}

/** What a plan takes from a session's state beside the anchors. */
export function knownOf({ penalties, notNow, shaken, shakenUntil, curveFrom }: WaveState) {
  return { penalties, notNow, shaken, shakenUntil, curveFrom };
}

/** After an album nobody knows what was played last. */
export function followEachOther(
  picks: readonly WavePick[],
  candidates: readonly Candidate[],
  last: Sound | null,
): FollowingPick[] {
  const byId = new Map(candidates.map((track) => [track.id, track]));
  let earlier = last;
  return picks.map((pick) => {
    const track = byId.get(pick.trackId) ?? null;
    const transition = earlier && track ? relate(earlier, track) : null;
    earlier = pick.albumId === null ? track : null;
    return { ...pick, transition };
  });
}

async function addItems(session: WaveSession, picks: readonly FollowingPick[]): Promise<WaveSession> {
  const { tx, wave } = session;
  const items = toItems(session, picks);
  const data = items.map((item) => ({
    ...item,
    transition: item.transition ?? Prisma.DbNull,
    waveId: wave.id,
  }));
  await tx.waveItem.createMany({ data });
  const logged = await log(
    session,
    'ITEMS',
    items.map(({ seq }) => seq),
  );
  return { ...logged, wave: { ...logged.wave, nextSeq: wave.nextSeq + items.length } };
}

function toItems({ wave }: WaveSession, picks: readonly FollowingPick[]): WaveItem[] {
  const batch = wave.logLength + 1;
  return picks.map((pick, index) => ({ ...pick, seq: wave.nextSeq + index, batch }));
}

async function end(session: WaveSession): Promise<WaveSession> {
  const { languages, explicit, excludesAiSuspected } = session.wave;
  const isNarrow = languages.length > 0 || explicit !== 'ALLOW' || excludesAiSuspected;
  const ended = await log(session, 'ENDED', [], { kind: 'ENDED', isNarrow });
  return { ...ended, wave: { ...ended.wave, isEnded: true } };
}
