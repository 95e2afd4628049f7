import type { Angle, Decision, WavePick } from './decision.ts';

/**
 * A pick with what is to be told of it: of the things that its record holds, those that picks with the same ground have
 * not told yet come first. The ground itself, the score and the credit stay as they are.
 */
export function varyTold(pick: WavePick, before: readonly WavePick[], seq: number): WavePick {
  const angles = anglesOf(pick.reason);
  const same = before.filter(({ reason }) => groundOf(reason) === groundOf(pick.reason));
  if (angles.length === 0) return pick;
  const told = (angle: Angle) => same.filter(({ reason }) => reason.angle === angle).length;
  // by its place, so that a new batch does not begin as the one before; an anchor is named before what it shares
  const from = pick.reason.kind === 'LIKED' ? 0 : seq;
  const turned = [...angles.slice(from % angles.length), ...angles.slice(0, from % angles.length)];
  const angle = turned.toSorted((a, b) => told(a) - told(b))[0];
  return angle === undefined ? pick : { ...pick, reason: { ...pick.reason, angle } };
}

/** What a record can tell. */
function anglesOf(reason: Decision): Angle[] {
  if (reason.kind === 'LIKED') return reason.traits.length > 0 ? ['GROUND', 'TRAITS'] : [];
  if (reason.kind !== 'FRESH') return [];
  return [
    'DATE',
    ...(reason.artistName === undefined ? [] : (['ARTIST'] as const)),
    ...(reason.genre === undefined ? [] : (['GENRE'] as const)),
    ...(reason.feeling === undefined ? [] : (['FEELING'] as const)),
  ];
}

function groundOf(reason: Decision): string {
  return reason.kind === 'LIKED' ? `LIKED ${reason.anchorId}` : reason.kind;
}
