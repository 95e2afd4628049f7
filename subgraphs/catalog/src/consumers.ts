import {
  albumDeleted,
  albumDescribed,
  albumReleased,
  artistDeleted,
  audioSearchRequested,
  coverMade,
  fileFetched,
  jobClaim,
  jobFailed,
  jobProgressed,
  playlistDeleted,
  reindexBegun,
  renditionStored,
  trackAnalyzed,
  trackDecoded,
  trackDeleted,
  trackIndexed,
  trackTranscoded,
  twinFound,
} from '@volna/events';
import { together } from '@volna/platform/together';

import { restateAll } from './artists/restate-tracks.ts';
import type { Deps } from './context.ts';
import { forgetCoversOf } from './covers/remove-cover.ts';
import { storeCover } from './covers/store-cover.ts';
import { claimJobs } from './domain/claim-job.ts';
import { failJob } from './domain/fail-job.ts';
import { makeTrackReady } from './domain/make-track-ready.ts';
import { forgetAlbum, noteAlbum } from './domain/note-album.ts';
import { publishReleased } from './domain/publish-released.ts';
import { recordProgress } from './domain/record-progress.ts';
import { removeTrackObjects } from './domain/remove-track-objects.ts';
import { startClipAnalysis } from './domain/start-clip-analysis.ts';
import { storeAnalysis } from './domain/store-analysis.ts';
import { storeRendition } from './domain/store-rendition.ts';
import { storeTranscode } from './domain/store-transcode.ts';
import { proposeTwin } from './duplicates/propose-duplicates.ts';
import { answerImports } from './import/answer-imports.ts';
import { createStoreDecoded } from './reanalysis/store-decoded.ts';
import { createStoreFetched } from './uploads/store-fetched.ts';

const NAME = 'catalog';
const COVERS = 'catalog-covers';
/** Workers report, and are done with what is soon stored, while the results of others are being stored. */
const REPORTS = { concurrency: 8 };

/** What catalog answers and acts on. Each use case is idempotent: by attempt and state, or by nature. */
export async function startConsumers(deps: Deps): Promise<AsyncDisposable> {
  const { bus } = deps;
  await using opening = new AsyncDisposableStack();
  for (const consumer of [
    answerImports(deps, NAME),
    bus.answer(
      jobClaim,
      NAME,
      together((claims) => claimJobs(deps, claims)),
    ),
    bus.consume(jobProgressed, NAME, (event) => recordProgress(deps, event), REPORTS),
    bus.consume(renditionStored, NAME, (event) => storeRendition(deps, event)),
    bus.consume(trackTranscoded, NAME, (event) => storeTranscode(deps, event)),
    bus.consume(trackAnalyzed, NAME, (event) => storeAnalysis(deps, event)),
    bus.consume(trackDecoded, NAME, createStoreDecoded(deps), REPORTS),
    bus.consume(jobFailed, NAME, (event) => failJob(deps, event)),
    bus.consume(fileFetched, NAME, createStoreFetched(deps), REPORTS),
    bus.consume(coverMade, NAME, (event) => storeCover(deps, event)),
    bus.consume(trackDeleted, COVERS, ({ trackId }) => forgetCoversOf(deps, trackId)),
    bus.consume(artistDeleted, COVERS, ({ artistId }) => forgetCoversOf(deps, artistId)),
    bus.consume(albumDeleted, COVERS, ({ albumId }) => forgetCoversOf(deps, albumId)),
    bus.consume(playlistDeleted, COVERS, ({ playlistId }) => forgetCoversOf(deps, playlistId)),
    bus.consume(trackIndexed, NAME, (event) => makeTrackReady(deps, event)),
    bus.consume(trackDeleted, NAME, (event) => removeTrackObjects(deps, event)),
    bus.consume(twinFound, NAME, (event) => proposeTwin(deps, event)),
    bus.consume(albumDescribed, NAME, (event) => noteAlbum(deps, event)),
    bus.consume(albumDeleted, NAME, (event) => forgetAlbum(deps, event)),
    bus.consume(albumReleased, NAME, (event, delivery) => publishReleased(deps, event, delivery)),
    bus.consume(reindexBegun, NAME, () => restateAll(deps)),
    bus.consume(audioSearchRequested, NAME, (event) => startClipAnalysis(deps, event)),
  ]) {
    opening.use(await consumer);
  }
  return opening.move();
}
