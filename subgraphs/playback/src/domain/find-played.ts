import type { Context } from '../context.ts';
import { mayPlay, type Playable } from '../playable.ts';

/** Merges that are followed one after the other. */
const MOST_MERGES = 4;

/** What is heard where a track is asked for: the one that it was merged into, or itself. Null where the viewer may hear neither. */
export async function findPlayed(
  context: Pick<Context, 'playableById' | 'viewer'>,
  trackId: string,
  merges = MOST_MERGES,
): Promise<Playable | null> {
  const track = await context.playableById.load(trackId);
  if (!track) return null;
  const target =
    track.mergedIntoId !== null && merges > 0
      ? await findPlayed(context, track.mergedIntoId, merges - 1)
      : null;
  return target ?? (mayPlay(track, context.viewer) ? track : null);
}
