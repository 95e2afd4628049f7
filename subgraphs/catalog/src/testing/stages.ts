import type { TestCatalog } from './open-catalog.ts';
import { aTrack } from './operations.ts';
import { aWorker } from './worker.ts';

/** A track whose transcode a worker has begun. */
export async function aBegunTrack(catalog: TestCatalog, description?: object) {
  const worker = aWorker(catalog);
  const track = await aTrack(catalog, description);
  const order = worker.transcodeOrder(track.trackId);
  await worker.claim(order);
  return { ...track, order };
}

/** A track that plays and is being analysed. */
export async function aPlayableTrack(catalog: TestCatalog, description?: object) {
  const track = await aBegunTrack(catalog, description);
  return { ...track, analysis: await makePlayable(catalog, track) };
}

/** A track that listeners find. */
export async function aReadyTrack(catalog: TestCatalog) {
  const track = await aBegunTrack(catalog);
  await makeReady(catalog, track);
  return track;
}

type Begun = Awaited<ReturnType<typeof aBegunTrack>>;

export async function makeReady(catalog: TestCatalog, track: Begun): Promise<void> {
  const worker = aWorker(catalog);
  await worker.analyzed(await makePlayable(catalog, track));
  await worker.indexed(track.trackId, true);
}

async function makePlayable(catalog: TestCatalog, { trackId, order }: Begun) {
  const worker = aWorker(catalog);
  await worker.transcoded(order);
  const analysis = worker.analyzeOrder(trackId);
  await worker.claim(analysis);
  return analysis;
}
