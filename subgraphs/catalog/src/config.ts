import { readConfig } from '@volna/platform/config';
import { z } from 'zod';

import { MAX_PART_BYTES, readUploadPolicy, type UploadPolicy } from './domain/upload-policy.ts';

const MAX_BYTES = 1000 * MAX_PART_BYTES;

/** What the process of catalog takes from its environment. */
export function readCatalogConfig(env: NodeJS.ProcessEnv) {
  return readConfig(
    {
      HOST: z.string().default('127.0.0.1'),
      CATALOG_PORT: z.coerce.number().int().min(0).max(65_535).default(4002),
      CATALOG_DATABASE_URL: z.url(),
      NATS_URL: z.url(),
      S3_ENDPOINT: z.url().optional(),
      S3_PUBLIC_ENDPOINT: z.url().optional(),
      S3_REGION: z.string().default('us-east-1'),
      S3_BUCKET: z.string().min(1),
      S3_ACCESS_KEY_ID: z.string().min(1),
      S3_SECRET_ACCESS_KEY: z.string().min(1),
      INTERNAL_KEY: z.string().min(32),
      UPLOAD_MAX_BYTES: z.coerce.number().int().min(1).max(MAX_BYTES).optional(),
      UPLOAD_MAX_SECONDS: z.coerce.number().int().min(1).optional(),
    },
    env,
  );
}

export type CatalogConfig = ReturnType<typeof readCatalogConfig>;

export function policyOf(config: CatalogConfig): UploadPolicy {
  return readUploadPolicy({ maxBytes: config.UPLOAD_MAX_BYTES, maxSeconds: config.UPLOAD_MAX_SECONDS });
}
