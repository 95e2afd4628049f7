import { readConfig } from '@volna/platform/config';
import { s3Settings } from '@volna/platform/s3-settings';
import { z } from 'zod';

/** Reads the worker's settings from the environment. */
export function readTranscodeConfig(env: Record<string, string | undefined>) {
  return readConfig(
    {
      NATS_URL: z.url(),
      ...s3Settings,
      HOST: z.string().default('127.0.0.1'),
      /** Where the process answers whether it is well; nowhere for 0. */
      HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
      FFMPEG_PATH: z.string().default('ffmpeg'),
      FFPROBE_PATH: z.string().default('ffprobe'),
      /** Jobs at a time; each keeps about one core busy. */
      WORKER_CONCURRENCY: z.coerce.number().int().positive().default(1),
      /** All that ffmpeg and ffprobe get to see of the environment. */
      PATH: z.string().default('/usr/local/bin:/usr/bin:/bin'),
      LD_LIBRARY_PATH: z.string().optional(),
    },
    env,
  );
}
