import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

import { segmentsHeader } from '@volna/events';

import type { Model } from './model.ts';
import { Moments } from './moments.ts';
import { BATCH, type Part, PartError, strideFor } from './part.ts';
import { createPatcher, isSilent, type Patch } from './patches.ts';

/** Two hours at one a second; a longer track has them further apart. */
const MAX_SEGMENTS = 7_200;

export interface Embedding {
  readonly model: string;
  readonly vector: number[];
}

/**
 * The vector of a track is made of the mean and the deviation of its patches' traits, by the model's own head; where it
 * has none, it is the mean direction of its patches. Their vectors, for finding a clip in it, go to a file row by row
 * (`segments.ts` of events); a silent patch is a row of zeros, so that a row's number still tells its time.
 */
export function openEmbedding(model: Model, segmentsFile: string, seconds: number): Part<Embedding> {
  const { trackHead } = model;
  const { input } = model.manifest;
  const [segment, track] = [model.output('segment'), model.output(trackHead ? 'traits' : 'track')];
  const secondsApart = (input.patchHopFrames * input.hop) / input.sampleRate;
  const stride = strideFor(seconds, secondsApart, MAX_SEGMENTS);
  const takePatches = createPatcher(input, input.patchHopFrames * stride);
  const rows = createWriteStream(segmentsFile);
  rows.write(segmentsHeader(segment.dim));
  const moments = new Moments();
  let waiting: Patch[] = [];

  async function embed(patches: readonly Patch[]): Promise<void> {
    const found = await model.run(patches);
    const [segments, tracks] = [found[segment.tensor]!, found[track.tensor]!];
    for (const [i, patch] of patches.entries()) {
      const sounding = rowOf(segments, i, patches.length);
      const row = isSilent(patch) ? new Float32Array(sounding.length) : sounding;
      if (!rows.write(Buffer.from(row.slice().buffer))) await once(rows, 'drain');
      if (!isSilent(patch)) moments.add(rowOf(tracks, i, patches.length));
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
      if (moments.count === 0) throw new PartError('SILENT', 'there is nothing to hear');
      const vector = trackHead ? await trackHead.run(moments) : moments.mean;
      return { model: model.id, vector: toUnit(vector) };
    },
  };
}

function rowOf(values: Float32Array, row: number, rows: number): Float32Array {
  const size = values.length / rows;
  return values.subarray(row * size, (row + 1) * size);
}

function toUnit(vector: Float32Array): number[] {
  const length = Math.hypot(...vector);
  return Array.from(vector, (value) => Math.fround(value / length));
}
