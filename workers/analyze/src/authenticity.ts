import type { DataOf, trackAnalyzed } from '@volna/events';

import type { Model } from './model.ts';
import { BATCH, type Part, PartError, strideFor } from './part.ts';
import { createPatcher, isSilent, type Patch } from './patches.ts';

export type Authenticity = NonNullable<DataOf<typeof trackAnalyzed>['authenticity']>;

/** An hour at one every four seconds; a longer track has them further apart. */
const MAX_CHUNKS = 900;

/**
 * How synthetic each chunk of a few seconds sounds. The model knows voices and few engines (its card gives
 * the errors): a hint for a moderator, no verdict. Silent chunks have no score.
 */
export function openAuthenticity(model: Model, seconds: number): Part<Authenticity> {
  const { input } = model.manifest;
  const frameSeconds = input.hop / input.sampleRate;
  const stride = strideFor(seconds, input.patchHopFrames * frameSeconds, MAX_CHUNKS);
  const takePatches = createPatcher(input, input.patchHopFrames * stride);
  const chunks: Authenticity['chunks'] = [];
  let waiting: Patch[] = [];

  async function judge(patches: readonly Patch[]): Promise<void> {
    const logits = (await model.run(patches))[model.output('synthetic-logit')]!;
    for (const [i, patch] of patches.entries()) {
      const startSec = patch.firstFrame * frameSeconds;
      const endSec = Math.min(seconds, startSec + input.patchHopFrames * frameSeconds);
      chunks.push({ startSec, endSec, score: sigmoid(logits[i]!) });
    }
  }

  return {
    settings: input,
    async hear(frames) {
      waiting.push(...takePatches(frames).filter((patch) => !isSilent(patch)));
      while (waiting.length >= BATCH) await judge(waiting.splice(0, BATCH));
    },
    async conclude() {
      if (waiting.length > 0) await judge(waiting);
      waiting = [];
      if (chunks.length === 0) throw new PartError('SILENT', 'there is nothing to hear');
      return { model: model.id, score: median(chunks.map((chunk) => chunk.score)), chunks };
    },
  };
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
