import { readConfig } from '@volna/platform/config';
import { outsideSettings } from '@volna/platform/outside-url';
import { readRoots } from '@volna/platform/roots';
import { s3Settings } from '@volna/platform/s3-settings';
import { z } from 'zod';

import { MAX_PART_BYTES, readUploadPolicy, type UploadPolicy } from './domain/upload-policy.ts';
import { type ImportPolicy, readImportPolicy } from './import/import-policy.ts';

const MAX_BYTES = 1000 * MAX_PART_BYTES;
const WEEK_SECONDS = 7 * 24 * 60 * 60;
/** Four bytes of memory each, in the worker that draws it. */
const MAX_COVER_PIXELS = 100_000_000;

/** What the process of catalog takes from its environment. */
export function readCatalogConfig(env: NodeJS.ProcessEnv) {
  return readConfig(
    {
      HOST: z.string().default('127.0.0.1'),
      CATALOG_PORT: z.coerce.number().int().min(0).max(65_535).default(4002),
      CATALOG_DATABASE_URL: z.url(),
      NATS_URL: z.url(),
      REDIS_URL: z.url().optional(),
      ...s3Settings,
      INTERNAL_KEY: z.string().min(32),
      UPLOAD_MAX_BYTES: z.coerce.number().int().min(1).max(MAX_BYTES).optional(),
      UPLOAD_MAX_SECONDS: z.coerce.number().int().min(1).optional(),
      /** What one user's files may take together; no limit unless told. */
      UPLOAD_QUOTA_BYTES: z.coerce.number().int().min(1).optional(),
      UPLOAD_MAX_OPEN: z.coerce.number().int().min(1).max(10_000).optional(),
      /** A URL of a part is signed for as long: no object storage takes more than seven days. */
      UPLOAD_EXPIRES_SECONDS: z.coerce.number().int().min(60).max(WEEK_SECONDS).optional(),
      COVER_MAX_BYTES: z.coerce.number().int().min(1).max(MAX_PART_BYTES).optional(),
      COVER_MAX_PIXELS: z.coerce.number().int().min(1).max(MAX_COVER_PIXELS).optional(),
      ...outsideSettings,
      /** Folders of the import worker's machine that an ADMIN may import from, colons between them; none unless told. */
      IMPORT_ROOTS: z.string().default(''),
      /** How many tracks may be in processing before an import waits. */
      IMPORT_MAX_PROCESSING: z.coerce.number().int().min(1).max(10_000).optional(),
    },
    env,
  );
}

export type CatalogConfig = ReturnType<typeof readCatalogConfig>;

export function policyOf(config: CatalogConfig): UploadPolicy {
  return readUploadPolicy({
    maxBytes: config.UPLOAD_MAX_BYTES,
    maxSeconds: config.UPLOAD_MAX_SECONDS,
    quotaBytes: config.UPLOAD_QUOTA_BYTES,
    maxOpenUploads: config.UPLOAD_MAX_OPEN,
    expiresAfterSeconds: config.UPLOAD_EXPIRES_SECONDS,
    maxCoverBytes: config.COVER_MAX_BYTES,
    maxCoverPixels: config.COVER_MAX_PIXELS,
  });
}

export function importsOf({ IMPORT_ROOTS, IMPORT_MAX_PROCESSING }: CatalogConfig): ImportPolicy {
  return readImportPolicy({ roots: readRoots(IMPORT_ROOTS), maxProcessing: IMPORT_MAX_PROCESSING });
}
