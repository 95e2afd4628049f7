import { ALIKE } from '../ranking/alike.ts';
import type { Angle, Decision, WavePick } from './decision.ts';

/**
 * A pick with what is to be told of it: of the things that its record holds, those that picks with the same ground have
 * not told yet come first. The ground itself, the score and the credit stay as they are.
 */
export function varyTold(pick: WavePick, before: readonly WavePick[], seq: number): WavePick {
  const angles = anglesOf(pick);
  const same = before.filter(({ reason }) => groundOf(reason) === groundOf(pick.reason));
  if (angles.length === 0) return pick;
  const told = (angle: Angle) => same.filter(({ reason }) => reason.angle === angle).length;
  // by its place, so that a new batch does not begin as the one before; an anchor is named before what it shares
  const from = pick.reason.kind === 'FRESH' ? seq : 0;
  const turned = [...angles.slice(from % angles.length), ...angles.slice(0, from % angles.length)];
  const angle = turned.toSorted((a, b) => told(a) - told(b))[0];
  return angle === undefined ? pick : { ...pick, reason: { ...pick.reason, angle } };
}

/** What a record can tell. */
function anglesOf({ trackId, reason }: WavePick): Angle[] {
  if (reason.kind === 'FRESH') return anglesOfFresh(reason);
  if (!('anchorId' in reason) || reason.anchorId === trackId) return [];
  const isSound = reason.kind === 'LIKED' || reason.kind === 'SEED';
  const isTaste = reason.kind === 'LIKED' || (reason.kind === 'ARTIST' && reason.isSeed !== true);
  return [
    'GROUND',
    ...(isTaste && reason.traits.length > 0 ? (['TRAITS'] as const) : []),
    ...(isSound && reason.similarity >= ALIKE ? (['NEAR'] as const) : []),
  ];
}

function anglesOfFresh({ artistName, genre, feeling }: Extract<Decision, { kind: 'FRESH' }>): Angle[] {
  return [
    'DATE',
    ...(artistName === undefined ? [] : (['ARTIST'] as const)),
    ...(genre === undefined ? [] : (['GENRE'] as const)),
    ...(feeling === undefined ? [] : (['FEELING'] as const)),
  ];
}

const groundOf = (reason: Decision): string =>
  'anchorId' in reason ? `${reason.kind} ${reason.anchorId}` : reason.kind;
