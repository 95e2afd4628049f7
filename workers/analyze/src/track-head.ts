import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { z } from 'zod';

import type { Moments } from './moments.ts';

export const OnnxFile = z.string().regex(/^[\w.-]+\.onnx$/);

/** A small model of its own, which is asked once a track. */
export const HeadManifest = z.object({
  file: OnnxFile,
  sha256: z.string().length(64),
  /** What it is told of the traits of the patches; `patches` is how many they are. */
  inputs: z.object({ mean: z.string(), deviation: z.string(), patches: z.string() }),
  output: z.object({ tensor: z.string(), dim: z.number().int().positive() }),
});
export type HeadManifest = z.infer<typeof HeadManifest>;

/** Makes the vector of a track of what the traits of its patches have in common. */
export interface TrackHead extends AsyncDisposable {
  run(moments: Pick<Moments, 'count' | 'mean' | 'deviation'>): Promise<Float32Array>;
}

export function createTrackHead({ inputs, output }: HeadManifest, session: InferenceSession): TrackHead {
  return {
    async run({ count, mean, deviation }) {
      const found = await session.run({
        [inputs.mean]: row(mean),
        [inputs.deviation]: row(deviation),
        [inputs.patches]: new Tensor('float32', Float32Array.of(count), [1]),
      });
      return found[output.tensor]!.data as Float32Array;
    },
    [Symbol.asyncDispose]: () => session.release(),
  };
}

function row(values: Float32Array): Tensor {
  return new Tensor('float32', values, [1, values.length]);
}
