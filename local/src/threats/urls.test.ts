import { readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CompleteCoverUploadDocument,
  CreateCoverUploadDocument,
  CreateUploadFromUrlDocument,
  TrackCoverDocument,
  UploadProgressDocument,
  type UploadStateFragment,
} from '@volna/gateway/client';
import { drain, listen } from '@volna/platform/http';
import { readOutsideRules } from '@volna/platform/outside-url';

import { makeTune } from '../testing/audio.ts';
import { type Account, openArtist, signUp } from '../testing/listener.ts';
import { openTestStack, type TestStack } from '../testing/test-stack.ts';
import { outcome, put } from '../testing/uploads.ts';

let volna: TestStack;
let alice: Account;
let artistId: string;
let flac: Buffer;
/** One that files may be fetched from, and one on another address of this machine, of which nobody may know. */
let outside: Server;
let inside: Server;
let urls: { outside: string; inside: string };
const askedInside: string[] = [];

beforeAll(async () => {
  outside = createServer((request, response) => answer(request.url ?? '', response));
  inside = createServer((request, response) => {
    askedInside.push(request.url ?? '');
    response.writeHead(200, { 'content-type': 'audio/flac' }).end(flac);
  });
  const ports = [await listen(outside, 0, '127.0.0.1'), await listen(inside, 0, '127.0.0.2')];
  urls = { outside: `http://127.0.0.1:${ports[0]}`, inside: `http://127.0.0.2:${ports[1]}` };
  volna = await openTestStack({}, { outside: readOutsideRules({ allow: ['127.0.0.1'], ports }) });
  alice = await signUp(volna.endpoint);
  artistId = await openArtist(alice, 'Alice');
  const tune = { name: 'good', format: 'flac', seconds: 4 } as const;
  flac = await readFile(await makeTune(volna.backends.ffmpeg, volna.directory, tune));
}, 120_000);

afterAll(async () => {
  await volna[Symbol.asyncDispose]();
  await Promise.all([outside, inside].map((server) => drain(server)));
});

function answer(path: string, response: ServerResponse): void {
  if (path.startsWith('/song.flac')) response.writeHead(200, { 'content-type': 'audio/flac' }).end(flac);
  else if (path === '/to-inside') response.writeHead(302, { location: `${urls.inside}/secret` }).end();
  else if (path === '/page') response.writeHead(200, { 'content-type': 'audio/flac' }).end('<html>');
  else response.writeHead(404).end();
}

/** What refuses a URL, or how its upload ends. */
async function submit(url: string) {
  const { createUploadFromUrl } = await alice.api.ask(CreateUploadFromUrlDocument, {
    input: { url, artistId },
  });
  const codes = createUploadFromUrl.errors.map(({ code }) => code);
  const { upload } = createUploadFromUrl;
  return upload ? { codes, upload: await endOf(upload.id) } : { codes, upload: null };
}

async function endOf(uploadId: string): Promise<UploadStateFragment | null> {
  let last: UploadStateFragment | null = null;
  for await (const { uploadProgress } of alice.api.watch(UploadProgressDocument, { uploadId }))
    last = uploadProgress;
  return last;
}

/** Sends a picture of something: what refuses it, or how it ends. */
async function submitPicture(targetId: string, contentType: string, bytes: Buffer) {
  const input = { targetId, contentType, sizeBytes: bytes.length };
  const { createCoverUpload } = await alice.api.ask(CreateCoverUploadDocument, { input });
  const { upload } = createCoverUpload;
  if (!upload) return createCoverUpload.errors[0]?.code;
  const { etag } = await put(upload.parts[0]?.url ?? '', bytes);
  const sent = { uploadId: upload.id, parts: [{ partNumber: 1, etag }] };
  const { completeCoverUpload } = await alice.api.ask(CompleteCoverUploadDocument, { input: sent });
  if (!completeCoverUpload.upload) return completeCoverUpload.errors[0]?.code;
  const end = await endOf(upload.id);
  return end?.error?.code ?? end?.status;
}

const GIF = Buffer.from('R0lGODlhAQABAIAAAP8AAAAAACwAAAAAAQABAAACAkQBADs=', 'base64');

describe('threat: Files by URL (SSRF)', () => {
  it('lets a file come from where files may come from, and makes it a track', async () => {
    const { upload } = await submit(`${urls.outside}/song.flac?key=hush`);
    expect(upload).toMatchObject({ status: 'COMPLETED', filename: 'song.flac', receivedBytes: flac.length });
    expect(await outcome(alice.api, upload?.track?.id ?? '')).toMatchObject({ status: 'READY' });
  });

  it.each([
    'http://127.0.0.2/',
    'http://2130706434/',
    'http://[::1]/',
    'http://169.254.169.254/latest/meta-data/',
    'file:///etc/passwd',
    'gopher://127.0.0.1/',
    'http://alice:secret@127.0.0.1/',
    'http://127.0.0.1:22/',
  ])('refuses %s before anything is asked', async (url) => {
    expect(await submit(url)).toEqual({ codes: ['URL_NOT_ALLOWED'], upload: null });
  });

  it('follows no redirect to where it may not go', async () => {
    const { upload } = await submit(`${urls.outside}/to-inside`);
    expect(upload).toMatchObject({ status: 'REJECTED', error: { code: 'URL_NOT_ALLOWED' } });
    expect(askedInside).toEqual([]);
  });

  it('takes no page for a song, whatever its server says', async () => {
    expect((await submit(`${urls.outside}/page`)).upload).toMatchObject({
      status: 'REJECTED',
      error: { code: 'UNSUPPORTED_TYPE' },
    });
  });
});

describe('threat: Pictures', () => {
  it('are drawn anew, with their look', async () => {
    const { upload } = await submit(`${urls.outside}/song.flac`);
    const id = upload?.track?.id ?? '';
    expect(await submitPicture(id, 'image/gif', GIF)).toBe('COMPLETED');
    const { track } = await alice.api.ask(TrackCoverDocument, { id, size: 'SMALL' });
    expect(track?.cover).toMatchObject({
      width: 1,
      color: expect.stringMatching(/^#f/),
      blurhash: expect.any(String),
    });
    expect((await (await fetch(track?.cover?.url ?? '')).text()).slice(8, 12)).toBe('WEBP');
  });

  it.each([
    [
      'SVG by its name',
      'image/svg+xml',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      'UNSUPPORTED_TYPE',
    ],
    [
      'SVG by another name',
      'image/png',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      'UNSUPPORTED_TYPE',
    ],
    ['a page', 'image/jpeg', Buffer.from('<html><script>alert(1)</script>'), 'UNSUPPORTED_TYPE'],
    ['a header without a picture', 'image/gif', GIF.subarray(0, 13), 'NOT_A_PICTURE'],
  ])('are not %s', async (_what, contentType, bytes, code) => {
    expect(await submitPicture(artistId, contentType, bytes)).toBe(code);
  });
});
