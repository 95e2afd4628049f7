import { readConfig } from '@volna/platform/config';
import { z } from 'zod';

/** Backends of one's own: each that is named here is used instead of the embedded one. */
export function readBackendsConfig(env: Record<string, string | undefined>) {
  return readConfig(
    {
      /** A server on which the services' databases are made, where they are missing. */
      POSTGRES_URL: z.url().optional(),
      NATS_URL: z.url().optional(),
      REDIS_URL: z.url().optional(),
      QDRANT_URL: z.url().optional(),
      QDRANT_API_KEY: z.string().optional(),
      S3_ENDPOINT: z.url().optional(),
      S3_PUBLIC_ENDPOINT: z.url().optional(),
      S3_REGION: z.string().default('us-east-1'),
      S3_BUCKET: z.string().default('volna'),
      S3_ACCESS_KEY_ID: z.string().optional(),
      S3_SECRET_ACCESS_KEY: z.string().optional(),
      /** Programs that are missing are fetched from Debian's packages, without root, unless this is false. */
      VOLNA_FETCH_PACKAGES: z.stringbool().default(true),
    },
    env,
  );
}

export type BackendsConfig = ReturnType<typeof readBackendsConfig>;
