import { stat } from 'node:fs/promises';
import { dirname } from 'node:path/posix';

import type { analyzeOrdered, DataOf, JobTry, trackAnalyzed } from '@volna/events';
import { JobError } from '@volna/platform/job-progress';
import type { JobContext } from '@volna/platform/job-worker';
import { logger } from '@volna/platform/log';
import { ObjectNotFoundError, type Objects } from '@volna/platform/objects';
import { openScratch } from '@volna/platform/scratch';

import { CLIP_PEAKS, TRACK_PEAKS } from './fingerprint/landmarks.ts';
import type { TellLabels } from './heads/heads.ts';
import type { Findings, PartFault } from './hear.ts';
import type { HearingThreads } from './hearing-threads.ts';
import { SAMPLE_RATE } from './pcm.ts';
import type { VoiceCache } from './voice-cache.ts';

export interface Deps {
  readonly objects: Objects;
  readonly threads: HearingThreads;
  /** What was found of voices before, for the same sound and model. */
  readonly voices?: VoiceCache | undefined;
  /** What the operator's own labels make of a track; nothing without it. */
  readonly tellLabels?: TellLabels | undefined;
}

type Order = DataOf<typeof analyzeOrdered>;
type Result = Omit<DataOf<typeof trackAnalyzed>, keyof JobTry>;

const LEAST_CLIP_SECONDS = 1;

/** Each try at the transcoding writes under a prefix of its own, so what is there never changes. */
const IMMUTABLE = {
  contentType: 'application/octet-stream',
  cacheControl: 'public, max-age=31536000, immutable',
};

/** Runs everything that listens to a track over its PCM. Safe to run again: it writes the same key. */
export async function analyze(deps: Deps, order: Order, { signal, report }: JobContext): Promise<Result> {
  const { objects, threads } = deps;
  await using scratch = await openScratch();
  const pcmFile = scratch.path('pcm.f32');
  const segmentsFile = scratch.path('segments.f32');
  const landmarksFile = scratch.path('landmarks.bin');
  const chromaFile = scratch.path('chroma.bin');
  report('ANALYZING', 0);
  await fetchPcm(objects, order.pcmKey, pcmFile);
  if (order.trackId === null) await refuseShortClip(pcmFile);

  const recalled = await deps.voices?.recall(pcmFile);
  const onShare = (share: number) => report('ANALYZING', 0.05 + 0.85 * share);
  const findings = await threads.hear(
    {
      pcmFile,
      segmentsFile,
      landmarksFile,
      chromaFile,
      peaksPerSecond: order.trackId ? TRACK_PEAKS : CLIP_PEAKS,
      knownVoices: recalled?.voices ?? null,
    },
    signal,
    onShare,
  );
  if (findings.voices) await recalled?.keep(findings.voices);
  for (const { part, code, cause } of findings.faults) {
    if (cause !== undefined)
      logger.error({ jobId: order.jobId, part, code, cause }, 'a part of the analysis failed');
  }
  const told = findings.embedding && (await deps.tellLabels?.(findings.embedding));
  return {
    embedding: await storeSegments(objects, findings, segmentsFile, `${dirname(order.pcmKey)}/segments.f32`),
    fingerprintKey: await storeLandmarks(
      objects,
      findings,
      landmarksFile,
      `${dirname(order.pcmKey)}/landmarks.bin`,
    ),
    chromaKey: await storeChroma(objects, findings, chromaFile, `${dirname(order.pcmKey)}/chroma.bin`),
    tempo: findings.tempo?.bpm ?? null,
    tempoConfidence: findings.tempo && rounded(findings.tempo.confidence),
    key: findings.key?.name ?? null,
    keyConfidence: findings.key && rounded(findings.key.confidence),
    danceability: findings.danceability,
    onsetsPerSecond: findings.onsetsPerSecond,
    ...labelsOf(findings, told),
    ...voicesOf(findings),
    errors: [...findings.faults, ...nobodySpeaks(findings)].map(({ part, code, message }) => ({
      part,
      code,
      message,
    })),
  };
}

/** Genres come of the operator's labels alone: no model of ours knows any. Of two moods of a name theirs counts. */
function labelsOf({ mood }: Findings, told: Awaited<ReturnType<TellLabels>> | null | undefined) {
  const own = told?.moods ?? [];
  const others = (mood?.moods ?? []).filter(({ name }) => !own.some((each) => each.name === name));
  const moods = [...own, ...others];
  return {
    energy: mood?.energy ?? null,
    energyConfidence: mood?.energyConfidence ?? null,
    valence: mood?.valence ?? null,
    valenceConfidence: mood?.valenceConfidence ?? null,
    moods: moods.map(({ name }) => name),
    moodConfidences: moods,
    genres: told?.genres ?? [],
  };
}

function voicesOf({ voices }: Findings) {
  return {
    speechShare: voices && rounded(voices.speechShare),
    authenticity: voices && voices.authenticity,
  };
}

/** Why there is no estimate, where that is no fault. */
function nobodySpeaks({ voices }: Findings): PartFault[] {
  if (!voices || voices.authenticity) return [];
  return [{ part: 'authenticity', code: 'NO_SPEECH', message: 'nobody speaks in it' }];
}

const rounded = (value: number) => Math.round(value * 1000) / 1000;

/** Less is like too much to be told by anything: even a piece of a tone is found in every track that holds that tone. */
async function refuseShortClip(pcmFile: string): Promise<void> {
  const { size } = await stat(pcmFile);
  if (size < LEAST_CLIP_SECONDS * SAMPLE_RATE * Float32Array.BYTES_PER_ELEMENT)
    throw new JobError('TOO_SHORT', 'a clip has to be a second long at least');
}

async function fetchPcm(objects: Objects, key: string, file: string): Promise<void> {
  try {
    await objects.getFile(key, file);
  } catch (err) {
    if (!(err instanceof ObjectNotFoundError)) throw err;
    throw new JobError('PCM_MISSING', 'the decoded audio is gone', false, { cause: err });
  }
}

async function storeSegments(
  objects: Objects,
  { embedding }: Findings,
  file: string,
  key: string,
): Promise<Result['embedding']> {
  if (!embedding) return null;
  await objects.putFile(key, file, IMMUTABLE);
  return { ...embedding, segmentsKey: key };
}

async function storeLandmarks(
  objects: Objects,
  { landmarks }: Findings,
  file: string,
  key: string,
): Promise<string | null> {
  if (!landmarks) return null;
  await objects.putFile(key, file, IMMUTABLE);
  return key;
}

async function storeChroma(
  objects: Objects,
  { hasChroma }: Findings,
  file: string,
  key: string,
): Promise<string | null> {
  if (!hasChroma) return null;
  await objects.putFile(key, file, IMMUTABLE);
  return key;
}
