import { join } from 'node:path';

import { ConfigError } from '@volna/platform/config';
import type { Objects } from '@volna/platform/objects';
import { DirectoryObjects } from '@volna/platform/objects-directory';
import { S3Objects } from '@volna/platform/objects-s3';

import type { Opened } from './open-bus.ts';
import { type BackendsOptions, hostOf } from './options.ts';

export interface OpenedObjects extends Opened<Objects> {
  readonly served: DirectoryObjects | null;
}

/** The named S3, else a folder whose signed URLs this process serves. */
export async function openObjects({
  config,
  directory,
  objectsKey,
}: Pick<BackendsOptions, 'config' | 'directory' | 'objectsKey'>): Promise<OpenedObjects> {
  if (config.S3_ENDPOINT) {
    const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = config;
    if (!accessKeyId || !secretAccessKey) {
      throw new ConfigError('S3_ENDPOINT needs S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY');
    }
    const open = await S3Objects.open({
      endpoint: config.S3_ENDPOINT,
      publicEndpoint: config.S3_PUBLIC_ENDPOINT,
      region: config.S3_REGION,
      bucket: config.S3_BUCKET,
      accessKeyId,
      secretAccessKey,
      forcePathStyle: true,
    });
    const backend = `S3 at ${hostOf(config.S3_ENDPOINT)}`;
    return { open, served: null, backend, [Symbol.asyncDispose]: () => open[Symbol.asyncDispose]() };
  }
  const folder = join(directory, 'objects');
  const open = await DirectoryObjects.open({ directory: folder, signingKey: objectsKey });
  const backend = `the folder ${folder}`;
  return { open, served: open, backend, [Symbol.asyncDispose]: () => open[Symbol.asyncDispose]() };
}
