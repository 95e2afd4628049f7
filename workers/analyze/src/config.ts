import { readConfig } from '@volna/platform/config';
import { z } from 'zod';

/** Reads the worker's settings from the environment. */
export function readAnalyzeConfig(env: Record<string, string | undefined>) {
  return readConfig(
    {
      NATS_URL: z.url(),
      S3_ENDPOINT: z.url().optional(),
      S3_REGION: z.string().default('us-east-1'),
      S3_BUCKET: z.string().min(1),
      S3_ACCESS_KEY_ID: z.string().min(1),
      S3_SECRET_ACCESS_KEY: z.string().min(1),
      /** Holds a folder a model; the project's own unless told. */
      MODELS_DIRECTORY: z.string().optional(),
      /** Tracks at a time. */
      WORKER_CONCURRENCY: z.coerce.number().int().positive().default(1),
      /** Threads that each model computes on. */
      MODEL_THREADS: z.coerce.number().int().positive().default(1),
    },
    env,
  );
}
