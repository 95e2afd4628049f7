import type { Decision } from './state.ts';

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
