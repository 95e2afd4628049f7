import { readConfig } from '@volna/platform/config';
import { outsideSettings } from '@volna/platform/outside-url';
import { s3Settings } from '@volna/platform/s3-settings';
import { z } from 'zod';

/** Reads the worker's settings from the environment. */
export function readImportConfig(env: Record<string, string | undefined>) {
  return readConfig(
    {
      NATS_URL: z.url(),
      ...s3Settings,
      ...outsideSettings,
      HOST: z.string().default('127.0.0.1'),
      /** Where the process answers whether it is well; nowhere for 0. */
      HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
      /** Folders that may be imported, colons between them; none unless told. Catalog has to be told the same ones. */
      IMPORT_ROOTS: z.string().default(''),
      /** Files at a time. */
      WORKER_CONCURRENCY: z.coerce.number().int().positive().default(2),
    },
    env,
  );
}
