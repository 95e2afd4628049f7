import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe } from '@jest/globals';

import { DirectoryObjects } from '../objects-directory.ts';
import { S3Objects, type S3ObjectsOptions } from '../objects-s3.ts';
import type { Objects } from '../objects.ts';
import { openScratch } from '../scratch.ts';
import { openS3Server } from './s3-server.ts';

interface OpenedTwin extends AsyncDisposable {
  readonly objects: Objects;
}

/** Why a promise cannot be shown of a twin here, for the titles of what is skipped. */
export interface Lacks {
  readonly guards?: string;
  readonly listing?: string;
  readonly emptyParts?: string;
  readonly naming?: string;
}

interface ObjectsTwin {
  readonly name: string;
  /** Why no server can be had. */
  readonly missing?: string | undefined;
  readonly lacks: Lacks;
  open(this: void): Promise<OpenedTwin>;
}

const LOOPBACK = '127.0.0.1';

const twins: readonly ObjectsTwin[] = [
  { name: 'DirectoryObjects', lacks: {}, open: openDirectoryTwin },
  {
    name: 'S3Objects over fauxqs',
    lacks: {
      guards: 'fauxqs checks no signature, no expiry and no signed length and knows no CORS',
      listing: 'fauxqs lists no parts',
      emptyParts: 'fauxqs takes no part without bytes',
      naming: 'fauxqs lets a URL set no header of the answer',
    },
    open: openFauxqsTwin,
  },
  {
    name: 'S3Objects over S3_TEST_URL',
    missing: process.env.S3_TEST_URL ? undefined : 'S3_TEST_URL is not set',
    lacks: {},
    open: () => openS3Twin(readTestServer(process.env.S3_TEST_URL ?? '')),
  },
];

/** Runs the same tests over each twin, opened once, and says of which it cannot. */
export function describeObjects(
  promise: string,
  tests: (objects: () => Objects, lacks: Lacks) => void,
): void {
  for (const { name, missing, lacks, open } of twins) {
    describeUnless(missing, `${name}: ${promise}`, () => {
      let twin: OpenedTwin | undefined;
      beforeAll(async () => {
        twin = await open();
      });
      afterAll(async () => {
        await twin?.[Symbol.asyncDispose]();
      });
      tests(() => {
        if (!twin) throw new Error('no twin is open');
        return twin.objects;
      }, lacks);
    });
  }
}

/** Tests that say in their title why they are skipped, where they are. */
export function describeUnless(reason: string | undefined, title: string, tests: () => void): void {
  const suite = reason === undefined ? describe : describe.skip;
  suite(reason === undefined ? title : `${title} (skipped: ${reason})`, tests);
}

/** Sends a part as a client does: to its signed URL. */
export async function sendPart(
  objects: Objects,
  key: string,
  uploadId: string,
  partNumber: number,
  bytes: Uint8Array,
) {
  const { url, method } = await objects.signPart(key, uploadId, partNumber, bytes.length, 60_000);
  const response = await fetch(url, { method, body: bytes });
  if (!response.ok) throw new Error(`part ${partNumber} got ${response.status}`);
  return { partNumber, etag: response.headers.get('etag') ?? '' };
}

export interface OpenedDirectory extends OpenedTwin {
  readonly objects: DirectoryObjects;
  readonly directory: string;
  readonly baseUrl: string;
  /** Resolves when each request so far is done with. */
  settled(): Promise<unknown>;
}

export const SIGNING_KEY = 'the signing key of a test';

/** Directory objects behind an HTTP server on a free port. */
export async function openDirectoryTwin(): Promise<OpenedDirectory> {
  const scratch = await openScratch();
  const directory = scratch.path('data');
  const objects = await DirectoryObjects.open({ directory, signingKey: SIGNING_KEY });
  const requests: Promise<unknown>[] = [];
  const server = createServer((request, response) => {
    const handled = objects.handle(request, response);
    requests.push(handled.then((known) => known || response.writeHead(404).end()));
  });
  await once(server.listen(0, LOOPBACK), 'listening');
  const baseUrl = `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`;
  objects.setBaseUrl(baseUrl);
  return {
    objects,
    directory,
    baseUrl,
    settled: () => Promise.all(requests),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await scratch[Symbol.asyncDispose]();
    },
  };
}

async function openFauxqsTwin(): Promise<OpenedTwin> {
  const server = await openS3Server();
  const { endpoint } = server;
  const keys = { accessKeyId: 'test', secretAccessKey: 'test' };
  const twin = await openS3Twin({ endpoint, region: 'us-east-1', forcePathStyle: true, ...keys });
  return {
    objects: twin.objects,
    async [Symbol.asyncDispose]() {
      await twin[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** A bucket of its own, emptied afterwards. */
async function openS3Twin(options: Omit<S3ObjectsOptions, 'bucket'>): Promise<OpenedTwin> {
  const objects = await S3Objects.open({ ...options, bucket: `volna-test-${randomUUID()}` });
  return {
    objects,
    async [Symbol.asyncDispose]() {
      await objects.delete(await objects.list(''));
      await objects[Symbol.asyncDispose]();
    },
  };
}

/** `http://key:secret@host:port/region`, the region optional. */
function readTestServer(text: string): Omit<S3ObjectsOptions, 'bucket'> {
  const url = new URL(text);
  return {
    endpoint: url.origin,
    region: url.pathname.slice(1) || 'us-east-1',
    accessKeyId: decodeURIComponent(url.username),
    secretAccessKey: decodeURIComponent(url.password),
    forcePathStyle: true,
  };
}
