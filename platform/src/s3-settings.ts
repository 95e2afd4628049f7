import { z } from 'zod';

import type { S3ObjectsOptions } from './objects-s3.ts';

/** What a process is told of its object storage; part of its config. */
export const s3Settings = {
  /** AWS's own unless told. */
  S3_ENDPOINT: z.url().optional(),
  /** Where clients reach the same server, when that is elsewhere. */
  S3_PUBLIC_ENDPOINT: z.url().optional(),
  S3_REGION: z.string().default('us-east-1'),
  S3_BUCKET: z.string().min(1),
  S3_ACCESS_KEY_ID: z.string().min(1),
  S3_SECRET_ACCESS_KEY: z.string().min(1),
};

export type S3Settings = z.output<z.ZodObject<typeof s3Settings>>;

export function toS3Options(settings: S3Settings): S3ObjectsOptions {
  return {
    endpoint: settings.S3_ENDPOINT,
    publicEndpoint: settings.S3_PUBLIC_ENDPOINT,
    region: settings.S3_REGION,
    bucket: settings.S3_BUCKET,
    accessKeyId: settings.S3_ACCESS_KEY_ID,
    secretAccessKey: settings.S3_SECRET_ACCESS_KEY,
    forcePathStyle: settings.S3_ENDPOINT !== undefined,
  };
}
