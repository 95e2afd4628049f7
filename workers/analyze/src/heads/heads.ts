import { readFile, stat } from 'node:fs/promises';

import { logger } from '@volna/platform/log';
import { z } from 'zod';

const Label = z.object({
  /** What becomes of it: a genre of the track, or one of its moods. */
  kind: z.enum(['GENRE', 'MOOD']),
  name: z.string().min(1),
  /** A linear score of the vector of a track, … */
  weights: z.array(z.number()),
  bias: z.number(),
  /** … what makes a probability of it (Platt), … */
  slope: z.number(),
  offset: z.number(),
  /** … and from which on the label is told. */
  tellsFrom: z.number().min(0).max(1),
});

/** The file that `npm run train-heads` writes. */
export const HeadsFile = z.object({
  /** Name and version of the model whose vectors it reads. */
  model: z.string(),
  trainedAt: z.iso.datetime(),
  labels: z.array(Label),
});
export type HeadsFile = z.infer<typeof HeadsFile>;
export type HeadLabel = z.infer<typeof Label>;

export interface Told {
  readonly name: string;
  readonly confidence: number;
}

/** What the heads tell of a track; they are silent where they are not sure, or were trained for another model. */
export type TellLabels = (embedding: {
  readonly model: string;
  readonly vector: readonly number[];
}) => Promise<{ readonly genres: Told[]; readonly moods: Told[] }>;

const SILENT = { genres: [], moods: [] };

/** Reads a file of heads whenever it is another; one that is not there or is none tells nothing. */
export function openHeads(file: string | undefined): TellLabels {
  let known: { readonly mtimeMs: number; readonly heads: HeadsFile | null } | null = null;
  return async ({ model, vector }) => {
    const found = file === undefined ? null : await stat(file).catch(() => null);
    if (file === undefined || !found) return SILENT;
    if (known?.mtimeMs !== found.mtimeMs) known = { mtimeMs: found.mtimeMs, heads: await readHeads(file) };
    return known.heads?.model === model ? tell(known.heads, vector) : SILENT;
  };
}

async function readHeads(file: string): Promise<HeadsFile | null> {
  try {
    return HeadsFile.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (err) {
    logger.warn({ err, file }, 'the file of heads cannot be read: nothing is told by it');
    return null;
  }
}

function tell({ labels }: HeadsFile, vector: readonly number[]) {
  const told = (kind: HeadLabel['kind']) =>
    labels
      .filter((label) => label.kind === kind && label.weights.length === vector.length)
      .map((label) => ({ name: label.name, confidence: probabilityOf(label, vector), from: label.tellsFrom }))
      .filter(({ confidence, from }) => confidence >= from)
      .map(({ name, confidence }) => ({ name, confidence: Math.round(confidence * 1000) / 1000 }))
      .toSorted((a, b) => b.confidence - a.confidence);
  return { genres: told('GENRE'), moods: told('MOOD') };
}

function probabilityOf({ weights, bias, slope, offset }: HeadLabel, vector: readonly number[]): number {
  const score = weights.reduce((sum, weight, i) => sum + weight * vector[i]!, bias);
  return 1 / (1 + Math.exp(-(slope * score + offset)));
}
