import { readConfig } from '@volna/platform/config';
import { s3Settings } from '@volna/platform/s3-settings';
import { z } from 'zod';

/** Reads the worker's settings from the environment. */
export function readAnalyzeConfig(env: Record<string, string | undefined>) {
  return readConfig(
    {
      NATS_URL: z.url(),
      /** Where what was found of voices is kept for a while; without it every sound is judged. */
      REDIS_URL: z.url().optional(),
      ...s3Settings,
      HOST: z.string().default('127.0.0.1'),
      /** Where the process answers whether it is well; nowhere for 0. */
      HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
      /** Holds a folder a model; the project's own unless told. */
      MODELS_DIRECTORY: z.string().optional(),
      /** What `npm run train-heads` has learned of one's own library; nothing unless told. */
      HEADS_FILE: z.string().optional(),
      /** Tracks at a time. */
      WORKER_CONCURRENCY: z.coerce.number().int().positive().default(1),
      /** Threads that each model computes on. */
      MODEL_THREADS: z.coerce.number().int().positive().default(1),
    },
    env,
  );
}
