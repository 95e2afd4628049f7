import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { InferenceSession, Tensor } from 'onnxruntime-node';
import { z } from 'zod';

import { type Patch, writeInput } from './patches.ts';
import { createTrackHead, HeadManifest, OnnxFile, type TrackHead } from './track-head.ts';

/** Literals are what the front end of this worker can do; another model is taken when it needs no more. */
const Input = z.object({
  tensor: z.string(),
  layout: z.literal('B,M,T'),
  sampleRate: z.literal(16_000),
  nFft: z
    .number()
    .min(32)
    .refine((n) => Number.isInteger(Math.log2(n)), 'not a power of two'),
  hop: z.number().int().positive(),
  window: z.literal('hann-periodic'),
  nMels: z.number().int().positive(),
  fMin: z.number().nonnegative(),
  fMax: z.number().max(8_000),
  melScale: z.literal('htk'),
  power: z.literal(2),
  log: z.literal('ln(x+1e-5)'),
  gain: z.enum(['as-is', 'peak-0.5']),
  normalize: z.literal('patch-zscore'),
  patchFrames: z.number().int().positive(),
  patchHopFrames: z.number().int().positive(),
});
export type ModelInput = z.infer<typeof Input>;

/** What scores say of a model of authenticity; between the two it is not sure. */
const Decision = z
  .object({ suspectedFrom: z.number().min(0).max(1), humanUpTo: z.number().min(0).max(1) })
  .refine(
    ({ suspectedFrom, humanUpTo }) => humanUpTo < suspectedFrom,
    'the thresholds are the wrong way round',
  );
export type Decision = z.infer<typeof Decision>;

const Output = z.object({
  tensor: z.string(),
  dim: z.number().int().positive(),
  /** `track`: a vector whose mean over the patches is the track's. `traits`: what the head is told of instead. */
  use: z.enum(['segment', 'track', 'traits', 'synthetic-logit']),
});
type Output = z.infer<typeof Output>;

const Manifest = z.object({
  name: z.string(),
  version: z.string(),
  task: z.enum(['embedding', 'authenticity']),
  file: OnnxFile,
  sha256: z.string().length(64),
  license: z.string(),
  input: Input,
  outputs: z.array(Output),
  /** What makes the vector of a track of `traits`. */
  trackHead: HeadManifest.optional(),
  /** Engines of speech that the model has learned. */
  knownEngines: z.array(z.string()).default([]),
  /** Without it the model gives scores but decides nothing. */
  decision: Decision.optional(),
});
export type Manifest = z.infer<typeof Manifest>;

export interface Model extends AsyncDisposable {
  /** Name and version: vectors of different ones do not mix. */
  readonly id: string;
  readonly manifest: Manifest;
  /** Null for a model whose patches have vectors of their own for the track. */
  readonly trackHead: TrackHead | null;
  /** The output of a given use. */
  output(use: Output['use']): Output;
  /** Each output of a batch of patches, row after row. */
  run(patches: readonly Patch[]): Promise<Record<string, Float32Array>>;
}

/** Opens the model of a folder of `models/`, once its files are those that its manifest names. */
export async function openModel(folder: string, threads: number): Promise<Model> {
  const manifest = Manifest.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')));
  const { trackHead } = manifest;
  await using opened = new AsyncDisposableStack();
  const session = await openSession(folder, manifest, threads);
  opened.defer(() => session.release());
  const head = trackHead && opened.use(createTrackHead(trackHead, await openSession(folder, trackHead, 1)));
  const kept = opened.move();
  const { input, outputs } = manifest;
  const size = input.nMels * input.patchFrames;
  let room = new Float32Array(0);
  return {
    id: `${manifest.name}@${manifest.version}`,
    manifest,
    trackHead: head ?? null,
    output(use) {
      const found = outputs.find((each) => each.use === use);
      if (!found) throw new Error(`${manifest.name} has no output for ${use}`);
      return found;
    },
    async run(patches) {
      // kept from batch to batch: a session has taken what it needs once it has run
      if (room.length < patches.length * size) room = new Float32Array(patches.length * size);
      const values = room.subarray(0, patches.length * size);
      for (const [i, patch] of patches.entries())
        writeInput(patch, input, values.subarray(i * size, (i + 1) * size));
      const mel = new Tensor('float32', values, [patches.length, input.nMels, input.patchFrames]);
      const found = await session.run({ [input.tensor]: mel });
      return Object.fromEntries(
        Object.entries(found).map(([name, tensor]) => [name, tensor.data as Float32Array]),
      );
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Throws for a file that is not the one of its manifest. */
async function openSession(
  folder: string,
  { file, sha256 }: Pick<Manifest, 'file' | 'sha256'>,
  threads: number,
): Promise<InferenceSession> {
  const bytes = await readFile(join(folder, file));
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256) throw new Error(`${file} is not the file of its manifest: ${found}`);
  return await InferenceSession.create(bytes, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
}
