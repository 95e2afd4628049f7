import { AudioSearchId, clipAnalyzed, type DataOf, type trackAnalyzed, UploadId } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';
import { z } from 'zod';

import { settleSuspicion } from '../authenticity/settle-suspicion.ts';
import { type StoredAuthenticity, withoutEstimate } from '../authenticity/stored.ts';
import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { setGenres } from '../genres/spell-genres.ts';
import type { Job } from '../models.ts';
import { describeTrack } from './describe-track.ts';
import { finishJob } from './finish-job.ts';
import { withTagKeys } from './fold-word.ts';
import { INDEXING_AT, moveProcessing, signalMoved } from './move-processing.ts';

type Analyzed = DataOf<typeof trackAnalyzed>;

/** Keeps what the models found and hands the track over to the index. A second delivery changes nothing. */
export async function storeAnalysis(deps: Deps, event: Analyzed): Promise<void> {
  const finished = await deps.db.$transaction(async (tx) => {
    const job = await finishJob(tx, event);
    if (job?.trackId && isWorse(job, event)) return job;
    if (job?.trackId) await saveTrack(tx, job.trackId, event);
    else if (job) await stateClip(tx, job, event);
    return job;
  });
  if (finished) {
    deps.wake();
    signalMoved(deps, finished.trackId);
  }
  await removePcm(deps, event);
}

/** Another analysis that has lost what an earlier one had found changes nothing. */
function isWorse({ reanalysisNumber }: Job, { embedding }: Analyzed): boolean {
  return reanalysisNumber !== null && embedding === null;
}

async function saveTrack(tx: Transaction, trackId: string, event: Analyzed): Promise<void> {
  const { tempo, key, energy, valence, embedding } = event;
  const { tempoConfidence = null, keyConfidence = null } = event;
  const { danceability = null, onsetsPerSecond = null } = event;
  const embeddingModel = embedding?.model ?? null;
  const { energyConfidence = null, valenceConfidence = null, speechShare = null } = event;
  const more = {
    tempoConfidence,
    keyConfidence,
    danceability,
    onsetsPerSecond,
    energyConfidence,
    valenceConfidence,
    speechShare,
    moods: event.moodConfidences ?? [],
  };
  const track = await tx.track.update({
    where: { id: trackId },
    data: { tempo, key, energy, valence, embeddingModel, ...more },
  });
  if (!track.tagsGiven) {
    await tx.track.update({ where: { id: trackId }, data: withTagKeys(event.moods) });
  }

  const sound = {
    embedding: embedding?.vector ?? [],
    segmentsKey: embedding?.segmentsKey ?? null,
    fingerprintKey: event.fingerprintKey ?? null,
    chromaKey: event.chromaKey ?? null,
    authenticity: authenticityOf(event),
  };
  await tx.trackSound.upsert({ where: { trackId }, create: { trackId, ...sound }, update: sound });
  await settleSuspicion(tx, trackId);
  await setGenres(tx, trackId, 'MODEL', event.genres);
  await moveProcessing(tx, trackId, { stage: 'INDEXING', progress: INDEXING_AT });
  await describeTrack(tx, trackId);
}

function authenticityOf({ authenticity, errors }: Analyzed): StoredAuthenticity {
  if (!authenticity) return withoutEstimate(errorOf(errors, 'authenticity'));
  return { ...authenticity, status: authenticity.status ?? 'UNKNOWN', error: null };
}

/** Tells search what the clip of one of its audio searches sounds like. */
async function stateClip(tx: Transaction, { searchId, uploadId }: Job, event: Analyzed): Promise<void> {
  const stated = {
    searchId: AudioSearchId.parse(searchId),
    uploadId: UploadId.parse(uploadId),
    embedding: event.embedding,
    fingerprintKey: event.fingerprintKey ?? null,
    chromaKey: event.chromaKey ?? null,
    error: event.embedding ? null : errorOf(event.errors, 'embedding'),
  };
  await tx.outbox.create({ data: outboxRow(clipAnalyzed, stated) });
}

function errorOf(errors: Analyzed['errors'], part: string): { code: string; message: string } {
  const found = errors.find((error) => error.part === part);
  if (found) return { code: found.code, message: found.message };
  return { code: 'PROCESSING_FAILED', message: 'this part of the analysis gave no result' };
}

/** The PCM served the analysis alone, and it is large. */
async function removePcm({ db, objects }: Deps, { jobId }: Analyzed): Promise<void> {
  const job = await db.job.findUnique({ where: { id: jobId } });
  if (job?.state !== 'SUCCEEDED') return;
  const { pcmKey } = z.object({ pcmKey: z.string() }).parse(job.input);
  await objects.delete([pcmKey]);
}
