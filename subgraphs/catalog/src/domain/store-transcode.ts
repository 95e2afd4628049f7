import type { DataOf, trackTranscoded } from '@volna/events';

import { creditFromTags } from '../artists/credit-from-tags.ts';
import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { proposeDuplicates } from '../duplicates/propose-duplicates.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { noteWarnings } from '../import/note-warnings.ts';
import type { Job } from '../models.ts';
import { describeTrack } from './describe-track.ts';
import { saveFileGenres, saveFileLyrics, wordsOfFile } from './file-words.ts';
import { finishJob } from './finish-job.ts';
import { keepOnlyTry, removeFolder } from './job-folder.ts';
import { ANALYSIS_AT, moveProcessing, signalMoved } from './move-processing.ts';
import { orderAnalysis } from './order-job.ts';
import { statePlayable } from './state-playable.ts';

type Transcoded = DataOf<typeof trackTranscoded>;

/** Makes a transcoded track playable and orders its analysis. A second delivery changes nothing. */
export async function storeTranscode(deps: Deps, event: Transcoded): Promise<void> {
  const job = await deps.db.$transaction(async (tx) => {
    const finished = await finishJob(tx, event);
    if (!finished) return null;
    const genreHint = await saveTrack(tx, finished, event);
    await orderAnalysis(tx, finished, { pcmKey: event.pcmKey, genreHint });
    return finished;
  });
  if (job) {
    deps.wake();
    signalMoved(deps, job.trackId);
  }
  await removeOtherTries(deps, event);
}

/** Gives the genre that people state. */
async function saveTrack(tx: Transaction, job: Job, event: Transcoded): Promise<string | null> {
  const { trackId } = job;
  const upload = await tx.upload.findUniqueOrThrow({ where: { id: job.uploadId } });
  const track = trackId && (await tx.track.findUnique({ where: { id: trackId } }));
  if (!track) return null;

  await tx.track.update({
    where: { id: track.id },
    data: { ...soundOf(event), ...wordsOfFile(track, event.tags) },
  });
  // asked of the row as it is by now: a picture may just have been given
  await tx.track.updateMany({ where: { id: track.id, coverGiven: false }, data: { cover: event.cover } });
  const peaks = Uint8Array.from(event.peaks);
  await tx.trackSound.upsert({
    where: { trackId: track.id },
    create: { trackId: track.id, peaks },
    update: { peaks },
  });
  const genre = await saveFileGenres(tx, track.id, event.tags);
  await saveFileLyrics(tx, track.id, event.tags);
  await creditFromTags(tx, track.id, event.tags);
  await noteWarnings(tx, track.id, event.warnings ?? []);
  await moveProcessing(tx, track.id, { stage: 'ANALYZING', progress: ANALYSIS_AT });
  await statePlayable(tx, track, upload, event);
  await proposeDuplicates(tx, track.id);
  await describeTrack(tx, track.id);
  return genre;
}

function soundOf(event: Transcoded): Prisma.TrackUncheckedUpdateInput {
  const { durationMs, hlsPrefix, loudnessLufs, loudnessRangeLu, truePeakDbtp, sha256 } = event;
  return {
    contentHash: sha256 ?? null,
    durationMs,
    hlsPrefix,
    loudnessLufs,
    loudnessRangeLu,
    truePeakDbtp,
  };
}

/** The winner's renditions stay; those of tries that came too late, or of jobs that are gone, do not. */
async function removeOtherTries({ db, objects }: Deps, event: Transcoded): Promise<void> {
  const job = await db.job.findUnique({ where: { id: event.jobId } });
  if (job?.state === 'SUCCEEDED' && job.attempt === event.attempt) return keepOnlyTry(objects, job);
  const name = `/${event.jobId}-${event.attempt}/`;
  const end = `${event.hlsPrefix}/`.indexOf(name);
  if (end > 0) await removeFolder(objects, event.hlsPrefix.slice(0, end) + name);
}
