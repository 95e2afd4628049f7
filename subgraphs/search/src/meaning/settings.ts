import { readConfig } from '@volna/platform/config';
import { z } from 'zod';

import type { TextEmbeddingsSettings } from './text-embeddings.ts';

export interface MeaningSettings extends TextEmbeddingsSettings {
  /** Cosines below it are chance; how high they are depends on the model. */
  readonly leastScore: number;
}

export const textEmbeddingsSettings = {
  /** As `http://127.0.0.1:11434/v1`. */
  TEXT_EMBEDDINGS_URL: z.url().optional(),
  TEXT_EMBEDDINGS_KEY: z.string().optional(),
  TEXT_EMBEDDINGS_MODEL: z.string().default('bge-m3'),
  TEXT_EMBEDDINGS_MIN_SCORE: z.coerce.number().min(-1).max(1).default(0.5),
};

/** Null where no server of text embeddings is named: then nothing is searched by its meaning. */
export function readMeaningSettings(env: Record<string, string | undefined>): MeaningSettings | null {
  const config = readConfig(textEmbeddingsSettings, env);
  if (config.TEXT_EMBEDDINGS_URL === undefined) return null;
  return {
    url: config.TEXT_EMBEDDINGS_URL,
    key: config.TEXT_EMBEDDINGS_KEY,
    model: config.TEXT_EMBEDDINGS_MODEL,
    leastScore: config.TEXT_EMBEDDINGS_MIN_SCORE,
  };
}
