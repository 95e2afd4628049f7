import { writeFile } from 'node:fs/promises';

import { encodeChroma, encodeLandmarks } from '@volna/events';

import { openAuthenticity, type Voices } from './authenticity.ts';
import { findChroma } from './chroma.ts';
import { findDanceability } from './dance.ts';
import { type Embedding, openEmbedding } from './embedding.ts';
import { findLandmarks } from './fingerprint/landmarks.ts';
import { findKeyIn, type Key } from './key.ts';
import { createMelStream, type MelFrames } from './mel.ts';
import type { Model } from './model.ts';
import { findMood, type Mood } from './mood.ts';
import { type Part, PartError } from './part.ts';
import { loopTo, openPcm, type Pcm, SAMPLE_RATE } from './pcm.ts';
import { findTempo, type Tempo, TEMPO_SECONDS } from './tempo.ts';
import { openTimbre } from './timbre.ts';

/** Of a longer recording only the beginning has landmarks and pitch classes: four hours are a million landmarks. */
const MAX_FINE_SECONDS = 4 * 3600;
/** Where fewer sounds a second begin there is no beat: what repeats itself is the ripple of a tone that lasts. */
const MIN_BEAT_ONSETS = 0.1;

export interface Models {
  readonly embedding: Model;
  readonly authenticity: Model;
}

export interface PartFault {
  readonly part: string;
  readonly code: string;
  readonly message: string;
  /** For our log only. */
  readonly cause?: string;
}

/** What was found; null where the part has failed or has nothing to say. */
export interface Findings {
  readonly embedding: Embedding | null;
  readonly voices: Voices | null;
  readonly tempo: Tempo | null;
  readonly key: Key | null;
  readonly danceability: number | null;
  /** Notes and strokes that begin, a second. */
  readonly onsetsPerSecond: number | null;
  readonly mood: Mood | null;
  /** How many landmarks there are in the file; null where it could not be made. */
  readonly landmarks: number | null;
  /** Whether there is music whose pitch classes are in the file. */
  readonly hasChroma: boolean;
  readonly faults: PartFault[];
}

/** A model that cannot be opened costs only its own part. */
export type OpenModel = (task: keyof Models) => Promise<Model>;

export interface Hearing {
  readonly pcmFile: string;
  readonly segmentsFile: string;
  /** Where the landmarks go; see `encodeLandmarks`. */
  readonly landmarksFile: string;
  /** Where the pitch classes go; see `encodeChroma`. */
  readonly chromaFile: string;
  /** What was found of the voices in the same sound before; null for nothing. */
  readonly knownVoices: Voices | null;
  /** Spectral peaks a second that landmarks are made of. */
  readonly peaksPerSecond: number;
  readonly openModel: OpenModel;
  /** Told the share of the work that is done. */
  readonly onShare: (share: number) => void;
  readonly signal: AbortSignal;
}

const FRONT_END = { sampleRate: SAMPLE_RATE, nFft: 1024, hop: 320, nMels: 64, fMin: 50, fMax: 7_600 };
const BLOCK_SECONDS = 5;
/** Before that nobody can say that there is no beat. */
const MIN_DANCE_SECONDS = 8;
/** Of what is spoken throughout, neither rhythm nor melody is music, however regular they are. */
const SPOKEN = 0.9;
/** Enough for one patch of each model. */
const MIN_SECONDS = 5;

/** Hears a track once from its beginning to its end, in blocks, and an excerpt of its middle for its rhythm. */
export async function hear({
  pcmFile,
  segmentsFile,
  landmarksFile,
  chromaFile,
  knownVoices,
  peaksPerSecond,
  openModel,
  onShare,
  signal,
}: Hearing): Promise<Findings> {
  await using pcm = await openPcm(pcmFile);
  const { seconds } = pcm;
  const faults: PartFault[] = [];
  const attempt = <T>(part: string, work: () => Promise<T> | T) => attemptPart(faults, part, work);

  const opened = {
    embedding: await attempt('embedding', async () =>
      openEmbedding(await openModel('embedding'), segmentsFile, seconds),
    ),
    authenticity: knownVoices
      ? null
      : await attempt('authenticity', async () => openAuthenticity(await openModel('authenticity'), seconds)),
    timbre: openTimbre(FRONT_END),
  };
  const failed = new Set<string>();
  for await (const frames of framesOf(pcm, Object.values(opened), onShare)) {
    signal.throwIfAborted();
    for (const [name, part] of Object.entries(opened)) {
      if (!part || failed.has(name)) continue;
      const heard = await attempt(name, async () => (await part.hear(frames(part)), true));
      if (!heard) failed.add(name);
    }
  }
  const conclude = async <T>(name: string, part: Part<T> | null) =>
    part && !failed.has(name) ? await attempt(name, () => part.conclude()) : null;

  const embedding = await conclude('embedding', opened.embedding);
  const voices = knownVoices ?? (await conclude('authenticity', opened.authenticity));
  const timbre = await conclude('mood', opened.timbre);
  const isSpoken = (voices?.speechShare ?? 0) >= SPOKEN;
  const inMusic = <T>(part: string, most: number, find: (samples: Float32Array) => T | null) =>
    isSpoken ? null : attempt(part, async () => find(await middleOf(pcm, most)));
  const isStill = timbre !== null && timbre.onsets < MIN_BEAT_ONSETS;
  const tempo = isStill ? null : await inMusic('tempo', TEMPO_SECONDS, findTempo);
  const fineSamples = Math.min(pcm.samples, MAX_FINE_SECONDS * SAMPLE_RATE);
  const chroma = isSpoken
    ? null
    : await attempt('key', async () => await findChroma((from, count) => pcm.read(from, count), fineSamples));
  const key = chroma && findKeyIn(chroma);
  const hasChroma = chroma?.some((value) => value > 0) ?? false;
  if (chroma && hasChroma) await writeFile(chromaFile, encodeChroma(chroma));
  // a short sound was heard over and over
  const mood = timbre && findMood({ ...timbre, seconds: Math.min(timbre.seconds, seconds) }, tempo, key);
  signal.throwIfAborted();
  const landmarks = await attempt('fingerprint', async () => {
    const found = await findLandmarks((from, count) => pcm.read(from, count), fineSamples, peaksPerSecond);
    await writeFile(landmarksFile, encodeLandmarks(found));
    return found.hashes.length;
  });
  return {
    embedding,
    voices,
    tempo,
    key,
    danceability: timbre && seconds >= MIN_DANCE_SECONDS ? findDanceability(tempo) : null,
    onsetsPerSecond: timbre && Math.round(timbre.onsets * 100) / 100,
    mood,
    landmarks,
    hasChroma,
    faults,
  };
}

/** The mel frames of each block; parts of one front end share them. */
async function* framesOf(
  pcm: Pcm,
  parts: readonly (Part<unknown> | null)[],
  onShare: (share: number) => void,
) {
  const streams = new Map(
    parts.filter((part) => part !== null).map((part) => [keyOf(part), createMelStream(part.settings)]),
  );
  let samples = 0;
  for await (const block of blocksOf(pcm)) {
    const frames = new Map<string, MelFrames>();
    for (const [key, stream] of streams) frames.set(key, stream(block));
    yield (part: Part<unknown>) => frames.get(keyOf(part))!;
    samples += block.length;
    onShare(Math.min(1, samples / pcm.samples));
  }
}

function keyOf({ settings }: Part<unknown>): string {
  const { nFft, hop, nMels, fMin, fMax } = settings;
  return [nFft, hop, nMels, fMin, fMax].join();
}

/** A track shorter than a patch is heard over and over. */
async function* blocksOf(pcm: Pcm): AsyncGenerator<Float32Array> {
  const least = MIN_SECONDS * SAMPLE_RATE;
  if (pcm.samples >= least) yield* pcm.blocks(BLOCK_SECONDS);
  else yield loopTo(await pcm.read(0, pcm.samples), least);
}

async function middleOf(pcm: Pcm, seconds: number): Promise<Float32Array> {
  const count = seconds * SAMPLE_RATE;
  return await pcm.read(Math.max(0, Math.floor((pcm.samples - count) / 2)), count);
}

/** Whatever goes wrong in one part, the others go on. */
async function attemptPart<T>(
  faults: PartFault[],
  part: string,
  work: () => Promise<T> | T,
): Promise<T | null> {
  try {
    return await work();
  } catch (err) {
    if (err instanceof PartError) faults.push({ part, code: err.code, message: err.message });
    else {
      const cause = err instanceof Error ? (err.stack ?? err.message) : String(err);
      faults.push({ part, code: 'ANALYSIS_FAILED', message: 'this part of the analysis failed', cause });
    }
    return null;
  }
}
