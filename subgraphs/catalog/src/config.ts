import { readConfig } from '@volna/platform/config';
import { s3Settings } from '@volna/platform/s3-settings';
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
      ...s3Settings,
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
