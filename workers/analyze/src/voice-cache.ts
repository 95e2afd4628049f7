import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Cache } from '@volna/platform/cache';
import { hashFile } from '@volna/platform/hash-file';
import { logger } from '@volna/platform/log';
import { z } from 'zod';

import type { Voices } from './authenticity.ts';

/** A file that is sent again, or a track that is analysed again, is met within weeks or not at all. */
const TTL_MS = 30 * 24 * 3_600_000;
/** Changes with what is made of the scores, and with which chunks have one. */
const FORMAT = 1;

const Kept = z.object({
  speechShare: z.number(),
  authenticity: z
    .object({
      model: z.string(),
      status: z.enum(['LIKELY_HUMAN', 'SUSPECTED', 'UNKNOWN']),
      score: z.number(),
      knownEngines: z.array(z.string()),
      chunks: z.array(
        z.object({ index: z.number(), startSec: z.number(), endSec: z.number(), score: z.number() }),
      ),
    })
    .nullable(),
});

/** What was found of voices, by the sound that they are in and the model that judged them. */
export interface VoiceCache {
  /** What is known of a file of samples; `keep` puts down what was found of it. */
  recall(pcmFile: string): Promise<{ voices: Voices | null; keep(voices: Voices): Promise<void> }>;
}

/** Without a cache that answers every sound is heard. */
export function createVoiceCache(cache: Cache, modelFolder: string): VoiceCache {
  return {
    async recall(pcmFile) {
      const key = await keyOf(pcmFile, modelFolder);
      const kept = key && (await quietly(() => cache.get(key)));
      return {
        voices: kept ? (Kept.safeParse(JSON.parse(kept)).data ?? null) : null,
        async keep(voices) {
          if (key && !kept) await quietly(() => cache.set(key, JSON.stringify(voices), TTL_MS));
        },
      };
    },
  };
}

/** The manifest holds the version and the hash of the model, and its thresholds; null where there is none. */
async function keyOf(pcmFile: string, modelFolder: string): Promise<string | null> {
  const manifest = await readFile(join(modelFolder, 'manifest.json')).catch(() => null);
  if (!manifest) return null;
  const model = createHash('sha256').update(manifest).digest('hex').slice(0, 16);
  return `voices:${FORMAT}:${model}:${await hashFile(pcmFile)}`;
}

async function quietly<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (err) {
    logger.warn({ err }, 'the cache does not answer: voices are judged anew');
    return null;
  }
}
