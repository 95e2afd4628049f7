import { readConfig } from '@volna/platform/config';
import { s3Settings } from '@volna/platform/s3-settings';
import { z } from 'zod';

import { textEmbeddingsSettings } from './meaning/settings.ts';

export function readSearchConfig(env: Record<string, string | undefined>) {
  return readConfig(
    {
      SEARCH_DATABASE_URL: z.url(),
      SEARCH_PORT: z.coerce.number().int().min(0).max(65_535).default(4005),
      HOST: z.string().default('127.0.0.1'),
      NATS_URL: z.url(),
      ...s3Settings,
      /** Without it each process keeps answers for itself, for ten minutes: enough for one process. */
      REDIS_URL: z.url().optional(),
      /** Without it vectors are scanned in this process, which is enough for about 100,000 tracks. */
      QDRANT_URL: z.url().optional(),
      QDRANT_API_KEY: z.string().optional(),
      /** The share of tracks that must have vectors of a newer model before it serves. */
      VECTOR_SWITCH_SHARE: z.coerce.number().gt(0).max(1).default(1),
      ...textEmbeddingsSettings,
      /** Where the landmarks of recordings are kept from start to start; made anew at each without it. */
      LANDMARKS_DIRECTORY: z.string().optional(),
      INTERNAL_KEY: z.string().min(32),
    },
    env,
  );
}
