import { readConfig } from '@volna/platform/config';
import { z } from 'zod';

export function readSearchConfig(env: Record<string, string | undefined>) {
  return readConfig(
    {
      SEARCH_DATABASE_URL: z.url(),
      SEARCH_PORT: z.coerce.number().int().min(0).max(65_535).default(4005),
      HOST: z.string().default('127.0.0.1'),
      NATS_URL: z.url(),
      S3_ENDPOINT: z.url().optional(),
      S3_PUBLIC_ENDPOINT: z.url().optional(),
      S3_REGION: z.string().default('us-east-1'),
      S3_BUCKET: z.string().min(1),
      S3_ACCESS_KEY_ID: z.string().min(1),
      S3_SECRET_ACCESS_KEY: z.string().min(1),
      QDRANT_URL: z.url(),
      QDRANT_API_KEY: z.string().optional(),
      INTERNAL_KEY: z.string().min(32),
    },
    env,
  );
}
