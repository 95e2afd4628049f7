import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

import type { Model } from './model.ts';
import { BATCH, type Part, PartError, strideFor } from './part.ts';
import { createPatcher, isSilent, type Patch } from './patches.ts';

/** Two hours at one a second; a longer track has them further apart. */
const MAX_SEGMENTS = 7_200;

export interface Embedding {
  readonly model: string;
  readonly vector: number[];
}

/**
 * The vector of a track is the mean direction of its patches. Their own vectors, for finding a clip in it, go
 * to a file row by row; a silent patch is a row of zeros, so that a row's number still tells its time.
 */
export function openEmbedding(model: Model, segmentsFile: string, seconds: number): Part<Embedding> {
  const { input } = model.manifest;
  const secondsApart = (input.patchHopFrames * input.hop) / input.sampleRate;
  const stride = strideFor(seconds, secondsApart, MAX_SEGMENTS);
  const takePatches = createPatcher(input, input.patchHopFrames * stride);
  const rows = createWriteStream(segmentsFile);
  let waiting: Patch[] = [];
  let sum: Float64Array | undefined;

  async function embed(patches: readonly Patch[]): Promise<void> {
    const found = await model.run(patches);
    const [segments, tracks] = [found[model.output('segment')]!, found[model.output('track')]!];
    for (const [i, patch] of patches.entries()) {
      const segment = rowOf(segments, i, patches.length);
      const row = isSilent(patch) ? new Float32Array(segment.length) : segment;
      if (!rows.write(Buffer.from(row.slice().buffer))) await once(rows, 'drain');
      if (isSilent(patch)) continue;
      const track = rowOf(tracks, i, patches.length);
      sum ??= new Float64Array(track.length);
      for (const [d, value] of track.entries()) sum[d]! += value;
    }
  }

  return {
    settings: input,
    async hear(frames) {
      waiting.push(...takePatches(frames));
      while (waiting.length >= BATCH) await embed(waiting.splice(0, BATCH));
    },
    async conclude() {
      if (waiting.length > 0) await embed(waiting);
      waiting = [];
      await finished(rows.end());
      if (!sum) throw new PartError('SILENT', 'there is nothing to hear');
      return { model: model.id, vector: toUnit(sum) };
    },
  };
}

function rowOf(values: Float32Array, row: number, rows: number): Float32Array {
  const size = values.length / rows;
  return values.subarray(row * size, (row + 1) * size);
}

function toUnit(vector: Float64Array): number[] {
  const length = Math.hypot(...vector);
  return Array.from(vector, (value) => Math.fround(value / length));
}
