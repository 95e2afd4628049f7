import type { Deps } from '../context.ts';
import { readLandmarks } from './store-landmarks.ts';

/** With fewer landmarks that agree it may be chance, and the vectors of its segments are asked. */
const MIN_VOTES = 10;
/** Other uploads of a recording have nearly as many votes as the best; a mere quotation of it has few. */
const MIN_OF_BEST = 0.4;
const MOST = 10;

export interface RecordingMatch {
  readonly trackId: string;
  /** How sure: 0.5 at ten landmarks that agree, 0.75 at twenty. */
  readonly score: number;
  readonly offsetMs: number;
}

/** The tracks that a clip is a piece of by its landmarks, best first; none where too few of them agree. */
export async function recogniseRecording(
  { db, objects, landmarks }: Pick<Deps, 'db' | 'objects' | 'landmarks'>,
  clipKey: string,
): Promise<RecordingMatch[]> {
  const clip = await readLandmarks(objects, clipKey);
  const found = clip ? await landmarks.find(clip, MIN_VOTES) : [];
  const near = found.filter(({ votes }) => votes >= MIN_OF_BEST * found[0]!.votes).slice(0, MOST);
  const rows = await db.indexedTrack.findMany({
    where: { fingerprintKey: { in: near.map(({ key }) => key) } },
    select: { id: true, fingerprintKey: true },
  });
  const trackOf = new Map(rows.map(({ id, fingerprintKey }) => [fingerprintKey, id]));
  return near.flatMap(({ key, votes, offsetMs }) => {
    const trackId = trackOf.get(key);
    return trackId ? [{ trackId, score: 1 - 2 ** (-votes / 10), offsetMs }] : [];
  });
}
