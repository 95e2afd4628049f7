import { readFile } from 'node:fs/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { S3Objects } from '@volna/platform/objects-s3';
import { openScratch, type Scratch } from '@volna/platform/scratch';
import { openS3Server, type S3Server } from '@volna/platform/testing/s3-server';

import { openToxic, type Toxic } from '../testing/toxic.ts';

const WHOLE = Buffer.alloc(300_000, 'Volna');

describe('F19: an object store that breaks off', () => {
  let scratch: Scratch;
  let server: S3Server;
  let line: Toxic;
  let objects: S3Objects;

  beforeAll(async () => {
    scratch = await openScratch();
    server = await openS3Server();
    line = await openToxic(Number(new URL(server.endpoint).port));
    objects = await S3Objects.open({
      endpoint: `http://127.0.0.1:${line.port}`,
      region: 'us-east-1',
      bucket: 'volna',
      accessKeyId: 'test',
      secretAccessKey: 'test-secret',
      forcePathStyle: true,
    });
    await objects.put('tracks/whole', WHOLE);
  });

  afterAll(async () => {
    await objects[Symbol.asyncDispose]();
    await line[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    await scratch[Symbol.asyncDispose]();
  });

  it('in the middle of a file leaves nobody with half of it', async () => {
    line.poison({ cutAfterBytes: 50_000 });
    line.drop();
    await expect(objects.getFile('tracks/whole', scratch.path('cut'))).rejects.toHaveProperty('message');
    line.poison({});
    await objects.getFile('tracks/whole', scratch.path('whole'));
    expect((await readFile(scratch.path('whole'))).equals(WHOLE)).toBe(true);
  });

  it('in the middle of what it is sent has either all of it or nothing', async () => {
    line.poison({ cutUploadAfterBytes: 50_000 });
    line.drop();
    await expect(objects.put('tracks/sent', WHOLE)).rejects.toHaveProperty('message');
    line.poison({});
    expect(await objects.head('tracks/sent')).toBeNull();
    await objects.put('tracks/sent', WHOLE);
    expect(await objects.head('tracks/sent')).toMatchObject({ sizeBytes: WHOLE.length });
  });
});
