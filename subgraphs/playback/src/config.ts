import { readConfig } from '@volna/platform/config';
import { s3Settings } from '@volna/platform/s3-settings';
import { z } from 'zod';

export function readPlaybackConfig(env: Record<string, string | undefined>) {
  return readConfig(
    {
      PLAYBACK_DATABASE_URL: z.url(),
      PLAYBACK_PORT: z.coerce.number().int().min(0).max(65_535).default(4004),
      HOST: z.string().default('127.0.0.1'),
      NATS_URL: z.url(),
      INTERNAL_KEY: z.string().min(32),
      GRANT_KEY: z.string().min(32),
      /** Where clients reach the streamer of this service. */
      STREAM_URL: z.url(),
      ...s3Settings,
    },
    env,
  );
}
