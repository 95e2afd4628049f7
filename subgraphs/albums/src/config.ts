import { readConfig } from '@volna/platform/config';
import { s3Settings } from '@volna/platform/s3-settings';
import { z } from 'zod';

export function readAlbumsConfig(env: Record<string, string | undefined>) {
  return readConfig(
    {
      ALBUMS_DATABASE_URL: z.url(),
      ALBUMS_PORT: z.coerce.number().int().min(0).max(65_535).default(4003),
      HOST: z.string().default('127.0.0.1'),
      NATS_URL: z.url(),
      INTERNAL_KEY: z.string().min(32),
      ...s3Settings,
    },
    env,
  );
}
