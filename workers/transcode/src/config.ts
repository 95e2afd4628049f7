import { readConfig } from '@volna/platform/config';
import { z } from 'zod';

/** Reads the worker's settings from the environment. */
export function readTranscodeConfig(env: Record<string, string | undefined>) {
  return readConfig(
    {
      NATS_URL: z.url(),
      S3_ENDPOINT: z.url().optional(),
      S3_REGION: z.string().default('us-east-1'),
      S3_BUCKET: z.string().min(1),
      S3_ACCESS_KEY_ID: z.string().min(1),
      S3_SECRET_ACCESS_KEY: z.string().min(1),
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
