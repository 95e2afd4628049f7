import type { Decision } from './decision.ts';
import type { WaveSettings } from './state.ts';

export type TurnedDown = 'SKIPPED' | 'DISLIKED' | 'BLOCK_ARTIST' | 'NOT_NOW';

/** Why items that were announced are no longer wanted, in words. */
export function explainRetuning(
  type: TurnedDown,
  track: { readonly title: string; readonly artistName: string } | null,
  reason: Decision,
): string {
  const title = track ? `“${track.title}”` : 'a track';
  if (type === 'BLOCK_ARTIST') return track ? `No more of ${track.artistName}.` : 'No more of this artist.';
  if (type === 'DISLIKED') return `You dislike ${title}: it will not come back.`;
  if (type === 'NOT_NOW') return `Not ${title} now.`;
  if (reason.kind === 'LIKED') return `You skipped ${title}: less of what is like “${reason.anchorTitle}”.`;
  return `You skipped ${title}: less like it.`;
}

const NAMES: readonly (readonly [keyof WaveSettings, string])[] = [
  ['mood', 'mood'],
  ['activity', 'activity'],
  ['familiarity', 'familiarity'],
  ['languages', 'languages'],
  ['explicit', 'explicit tracks'],
  ['exploration', 'exploration'],
  ['energyCurve', 'energy'],
  ['excludesAiSuspected', 'without synthetic voices'],
];

/** What a wave was tuned to, in words. */
export function explainTuning(before: WaveSettings, after: WaveSettings): string {
  const changes = NAMES.flatMap(([key, name]) => {
    const value = say(after[key]);
    return value === say(before[key]) ? [] : [`${name}: ${value}`];
  });
  return changes.length === 0 ? 'Picked anew, as it was tuned.' : `Tuned. ${changes.join('; ')}.`;
}

function say(value: WaveSettings[keyof WaveSettings]): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'object') return value.length === 0 ? 'any' : value.join(', ');
  return String(value).toLowerCase().replaceAll('_', ' ');
}
