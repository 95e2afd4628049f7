import type { DataOf, trackAnalyzed } from '@volna/events';

import type { Decision, Model, ModelInput } from './model.ts';
import { BATCH, type Part, PartError, strideFor } from './part.ts';
import { createPatcher, isSilent, type Patch } from './patches.ts';
import { hearSpeech } from './speech.ts';

type Authenticity = NonNullable<DataOf<typeof trackAnalyzed>['authenticity']>;

export interface Voices {
  /** The share of the stretches with any sound in which somebody speaks. */
  readonly speechShare: number;
  /** Null where nobody speaks. */
  readonly authenticity: Authenticity | null;
}

/** An hour at one every four seconds; a longer track has them further apart. */
const MAX_CHUNKS = 900;
/** Of less speech than that nothing is said: among so many stretches of music one or two pass for speech. */
const [LEAST_CHUNKS, LEAST_SHARE] = [3, 0.1];

/**
 * How synthetic each stretch of four seconds sounds in which somebody speaks. The model knows speech and few engines
 * (its card gives the errors): a hint for a moderator, no verdict. Music never reaches it.
 */
export function openAuthenticity(model: Model, seconds: number): Part<Voices> {
  const { input, decision } = model.manifest;
  const frameSeconds = input.hop / input.sampleRate;
  const stride = strideFor(seconds, input.patchHopFrames * frameSeconds, MAX_CHUNKS);
  const takePatches = createPatcher(input, input.patchHopFrames * stride);
  const chunks: Authenticity['chunks'] = [];
  let waiting: Patch[] = [];
  let [audible, spoken] = [0, 0];

  async function judge(patches: readonly Patch[]): Promise<void> {
    const logits = (await model.run(patches))[model.output('synthetic-logit').tensor]!;
    for (const [i, patch] of patches.entries()) {
      const startSec = patch.firstFrame * frameSeconds;
      const endSec = Math.min(seconds, startSec + input.patchHopFrames * frameSeconds);
      const index = Math.round(patch.firstFrame / input.patchHopFrames);
      chunks.push({ index, startSec, endSec, score: sigmoid(logits[i]!) });
    }
  }

  return {
    settings: input,
    async hear(frames) {
      const heard = takePatches(frames).filter((patch) => !isSilent(patch));
      const speech = heard.filter((patch) => isSpeech(patch, input));
      audible += heard.length;
      spoken += speech.length;
      waiting.push(...speech);
      while (waiting.length >= BATCH) await judge(waiting.splice(0, BATCH));
    },
    async conclude() {
      if (waiting.length > 0) await judge(waiting);
      waiting = [];
      if (audible === 0) throw new PartError('SILENT', 'there is nothing to hear');
      const speechShare = spoken / audible;
      if (chunks.length === 0) return { speechShare, authenticity: null };
      const score = median(chunks.map((chunk) => chunk.score));
      const isEnough = spoken >= LEAST_CHUNKS && speechShare >= LEAST_SHARE;
      const status = isEnough && decision ? statusOf(score, decision) : 'UNKNOWN';
      const { knownEngines } = model.manifest;
      return { speechShare, authenticity: { model: model.id, status, score, knownEngines, chunks } };
    },
  };
}

function isSpeech({ values }: Patch, { gain, nMels, sampleRate, hop }: ModelInput): boolean {
  const energies = gain === 'as-is' ? values.map(Math.exp) : values;
  return hearSpeech(energies, nMels, sampleRate / hop) > 0;
}

/** Between the two thresholds nobody knows. */
function statusOf(score: number, { suspectedFrom, humanUpTo }: Decision): Authenticity['status'] {
  if (score >= suspectedFrom) return 'SUSPECTED';
  return score <= humanUpTo ? 'LIKELY_HUMAN' : 'UNKNOWN';
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
