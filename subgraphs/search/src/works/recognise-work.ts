import { setImmediate } from 'node:timers/promises';

import { CollectionNotFoundError, type VectorHit } from '@volna/platform/vectors';

import type { Deps } from '../context.ts';
import { WORK_COLLECTION } from '../vector-names.ts';
import { compareWork, cutClip, judgeWorks, type WorkMatch } from './judge-works.ts';
import { readChroma } from './store-works.ts';
import { windowsOfClip } from './windows.ts';

type Needs = Pick<Deps, 'db' | 'objects' | 'vectors'>;

const HITS_PER_WINDOW = 100;
/** Open tracks that are compared moment by moment. */
const CANDIDATES = 30;
const MOST = 5;

/**
 * The tracks whose music a clip plays, in whatever key, tempo and instruments; none where none stands out. First by
 * windows that bear key and place, then moment by moment. The recordings that the clip is a piece of are left out.
 */
export async function recogniseWork(
  deps: Needs,
  clipKey: string,
  recordings: ReadonlySet<string>,
): Promise<WorkMatch[]> {
  const whole = await readChroma(deps.objects, clipKey);
  const clip = whole && cutClip(whole);
  if (!clip) return [];
  const compared: WorkMatch[] = [];
  for (const { id, chromaKey } of await findCandidates(deps, clip)) {
    // oxlint-disable-next-line no-await-in-loop -- one track in memory at a time
    const track = chromaKey && (await readChroma(deps.objects, chromaKey));
    if (!track || recordings.has(id)) continue;
    compared.push({ trackId: id, score: compareWork(clip, track) });
    // a comparison takes some milliseconds, and others wait
    // oxlint-disable-next-line no-await-in-loop
    await setImmediate();
  }
  return judgeWorks(compared).slice(0, MOST);
}

async function findCandidates(
  { db, vectors }: Needs,
  clip: Uint8Array,
): Promise<{ id: string; chromaKey: string | null }[]> {
  const found = new Map<string, number[]>();
  const windows = windowsOfClip(clip);
  for (const { vector } of windows) {
    // oxlint-disable-next-line no-await-in-loop -- gentle on a store that others wait for
    for (const [trackId, score] of bestOf(await ask(vectors, vector)))
      found.set(trackId, [...(found.get(trackId) ?? []), score]);
  }
  const half = Math.ceil(windows.length / 2);
  const likeness = new Map([...found].map(([id, scores]) => [id, sumOfLargest(scores, half)]));
  const rows = await db.indexedTrack.findMany({
    where: { id: { in: [...likeness.keys()] }, isOpen: true },
    select: { id: true, chromaKey: true },
  });
  return rows.toSorted((a, b) => likeness.get(b.id)! - likeness.get(a.id)!).slice(0, CANDIDATES);
}

function bestOf(hits: readonly VectorHit[]): Map<string, number> {
  const best = new Map<string, number>();
  for (const { payload, score } of hits) {
    const id = String(payload.trackId);
    best.set(id, Math.max(score, best.get(id) ?? 0));
  }
  return best;
}

/** Some windows of a clip may be an introduction or a rest. */
function sumOfLargest(scores: readonly number[], many: number): number {
  return scores
    .toSorted((a, b) => b - a)
    .slice(0, many)
    .reduce((sum, score) => sum + score, 0);
}

async function ask(vectors: Deps['vectors'], vector: readonly number[]): Promise<VectorHit[]> {
  try {
    return await vectors.query(WORK_COLLECTION, [...vector], HITS_PER_WINDOW);
  } catch (err) {
    if (err instanceof CollectionNotFoundError) return [];
    throw err;
  }
}
