import {
  analyzeOrdered,
  coverOrdered,
  decodeOrdered,
  fetchOrdered,
  JobId,
  newId,
  TrackId,
  transcodeOrdered,
} from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';
import { z } from 'zod';

import type { Transaction } from '../database.ts';
import type { Job, Upload } from '../models.ts';
import { folderOfTry } from './job-folder.ts';

const TranscodeInput = z.object({ originalKey: z.string(), maxSeconds: z.number() });
const AnalyzeInput = z.object({ pcmKey: z.string(), genreHint: z.string().nullable() });

const FetchInput = z.object({ url: z.string(), maxBytes: z.number() });
const CoverInput = z.object({ originalKey: z.string(), maxPixels: z.number() });

/** What a job is about: a track, or a clip for an audio search. */
interface Subject {
  readonly trackId?: string | null;
  readonly searchId?: string | null;
  /** The round of analysing all tracks once more that it belongs to. */
  readonly reanalysisNumber?: number | null;
}

/** A new transcode job for an uploaded file, announced when the transaction commits. */
export async function orderTranscode(
  tx: Transaction,
  upload: Pick<Upload, 'id' | 'objectKey'>,
  { maxSeconds, ...subject }: Subject & { maxSeconds: number },
): Promise<void> {
  const input: z.output<typeof TranscodeInput> = { originalKey: upload.objectKey, maxSeconds };
  await createJob(tx, 'transcode', { ...subject, uploadId: upload.id, input });
}

/** The analysis of what a transcode job has made. */
export async function orderAnalysis(
  tx: Transaction,
  { trackId, searchId, uploadId, reanalysisNumber }: Job,
  input: z.output<typeof AnalyzeInput>,
): Promise<void> {
  await createJob(tx, 'analyze', { trackId, searchId, uploadId, reanalysisNumber, input });
}

/** Decoding what was transcoded before, for another analysis. */
export async function orderDecode(
  tx: Transaction,
  subject: { readonly trackId: string; readonly uploadId: string; readonly reanalysisNumber: number },
  input: z.output<typeof TranscodeInput>,
): Promise<void> {
  await createJob(tx, 'decode', { ...subject, input });
}

/** A file to be brought from a URL. */
export async function orderFetch(
  tx: Transaction,
  { id: uploadId }: Pick<Upload, 'id'>,
  input: z.output<typeof FetchInput>,
): Promise<void> {
  await createJob(tx, 'fetch', { uploadId, input });
}

/** The sizes of an uploaded picture. */
export async function orderCover(
  tx: Transaction,
  { id: uploadId, objectKey: originalKey }: Pick<Upload, 'id' | 'objectKey'>,
  { maxPixels }: { maxPixels: number },
): Promise<void> {
  const input: z.output<typeof CoverInput> = { originalKey, maxPixels };
  await createJob(tx, 'cover', { uploadId, input });
}

async function createJob(
  tx: Transaction,
  kind: Job['kind'],
  data: Subject & { uploadId: string; input: object },
): Promise<void> {
  const job = await tx.job.create({ data: { id: newId('Job'), kind, announceAt: new Date(), ...data } });
  await announceJobs(tx, [job]);
}

/**
 * Tells the workers of QUEUED jobs, and sets the time of the next notice, should this one get lost: after
 * 30 s, then twice as long each time, up to ten minutes.
 */
export async function announceJobs(tx: Transaction, jobs: readonly Job[]): Promise<void> {
  if (jobs.length === 0) return;
  await tx.$executeRaw`
    UPDATE job SET
      announce_at = now() + least(interval '30 seconds' * power(2, least(enqueued_count, 10)), interval '10 minutes'),
      enqueued_count = enqueued_count + 1
    WHERE id = ANY(${jobs.map(({ id }) => id)}::text[]) AND state = 'QUEUED'`;
  await tx.outbox.createMany({ data: jobs.map(noticeOf) });
}

function noticeOf(job: Job) {
  const attempt = { jobId: JobId.parse(job.id), attempt: job.attempt };
  const outputPrefix = folderOfTry(job);
  switch (job.kind) {
    case 'fetch':
      return outboxRow(fetchOrdered, {
        ...attempt,
        ...FetchInput.parse(job.input),
        objectKey: `${outputPrefix}/original`,
      });
    case 'cover':
      return outboxRow(coverOrdered, { ...attempt, ...CoverInput.parse(job.input), outputPrefix });
    case 'analyze':
      return outboxRow(analyzeOrdered, {
        ...attempt,
        trackId: trackOf(job),
        ...AnalyzeInput.parse(job.input),
      });
    case 'decode':
    case 'transcode':
      break;
  }
  const input = TranscodeInput.parse(job.input);
  if (job.kind === 'decode')
    return outboxRow(decodeOrdered, {
      ...attempt,
      trackId: TrackId.parse(job.trackId),
      ...input,
      outputPrefix,
    });
  return outboxRow(transcodeOrdered, { ...attempt, trackId: trackOf(job), ...input, outputPrefix });
}

const trackOf = ({ trackId }: Job) => TrackId.nullable().parse(trackId);
