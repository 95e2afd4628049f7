import { readConfig } from '@volna/platform/config';
import { z } from 'zod';

export function readAlbumsConfig(env: Record<string, string | undefined>) {
  return readConfig(
    {
      ALBUMS_DATABASE_URL: z.url(),
      ALBUMS_PORT: z.coerce.number().int().min(0).max(65_535).default(4003),
      HOST: z.string().default('127.0.0.1'),
      NATS_URL: z.url(),
      INTERNAL_KEY: z.string().min(32),
      S3_ENDPOINT: z.url().optional(),
      S3_PUBLIC_ENDPOINT: z.url().optional(),
      S3_REGION: z.string().default('us-east-1'),
      S3_BUCKET: z.string().min(1),
      S3_ACCESS_KEY_ID: z.string().min(1),
      S3_SECRET_ACCESS_KEY: z.string().min(1),
    },
    env,
  );
}
