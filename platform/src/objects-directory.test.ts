import { createHash, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { DirectoryObjects } from './objects-directory.ts';
import { signTarget } from './signed-target.ts';
import { openDirectoryTwin, type OpenedDirectory, sendPart, SIGNING_KEY } from './testing/objects-twins.ts';

const MINUTE_MS = 60_000;
const bytes = (words: string) => new TextEncoder().encode(words);

const chunks = (count: number) => Readable.from(Array.from({ length: count }, () => Buffer.alloc(100_000)));

describe('DirectoryObjects', () => {
  let twin: OpenedDirectory;
  let objects: DirectoryObjects;

  beforeAll(async () => {
    twin = await openDirectoryTwin();
    ({ objects } = twin);
  });

  afterAll(async () => {
    await twin[Symbol.asyncDispose]();
  });

  const staged = () => readdir(join(twin.directory, 'uploads', '.staging'));

  /** Sends a target as it is written, where `fetch` would tidy it up. */
  async function send(method: string, target: string, body: AsyncIterable<Uint8Array> = Readable.from([])) {
    const sent = request(twin.baseUrl, { method, path: target });
    const answered = once(sent, 'response');
    // A server that has answered reads no more of a body that it refuses.
    const written = method === 'PUT' ? pipeline(body, sent).catch(() => {}) : sent.end();
    const [response] = await answered;
    const answer = { status: response.statusCode as number, body: await text(response) };
    await written;
    return answer;
  }

  it('keeps what it holds from other users of the machine', async () => {
    await objects.put('private/one', bytes('one'), { contentType: 'text/plain' });
    const folders = await readdir(twin.directory, { withFileTypes: true });
    const modes = await Promise.all(
      folders
        .filter((entry) => entry.isDirectory())
        .map(async ({ name }) => (await stat(join(twin.directory, name))).mode & 0o777),
    );
    expect(new Set(modes)).toEqual(new Set([0o700]));
  });

  it('tells an expired URL from a forged one', async () => {
    await objects.put('a/expired', bytes('secret'));
    const target = signTarget(SIGNING_KEY, 'GET', '/objects/a/expired', new Date(Date.now() - 1));

    const [expired, forged] = [await send('GET', target), await send('GET', `${target}x`)];

    expect([expired.status, JSON.parse(expired.body).code]).toEqual([403, 'URL_EXPIRED']);
    expect([forged.status, JSON.parse(forged.body).code]).toEqual([403, 'BAD_SIGNATURE']);
  });

  it('serves no mutation of a URL that it signed, and lives on', async () => {
    await objects.put('fuzzed/object', bytes('secret'));
    const { url } = await objects.signGet('fuzzed/object', MINUTE_MS, { downloadName: 'x' });
    const target = url.slice(twin.baseUrl.length);

    for (let round = 0; round < 500; round++) {
      const mutation = mutate(target);
      const { status } = await send('GET', mutation);
      expect({ mutation, refused: status >= 400 && status < 500 }).toEqual({ mutation, refused: true });
    }
    expect(await send('GET', target)).toEqual({ status: 200, body: 'secret' });
  });

  it.each([
    '/objects/../../etc/passwd',
    '/objects/%2e%2e/%2e%2e/etc/passwd',
    '/objects/',
    '/objects//etc/passwd',
  ])('refuses %s', async (target) => {
    expect((await send('GET', target)).status).toBe(403);
  });

  it('takes a part of unknown length only when it has the signed one', async () => {
    const uploadId = await objects.createMultipart('originals/chunked');
    const { url } = await objects.signPart('originals/chunked', uploadId, 1, 300_000, MINUTE_MS);
    const target = url.slice(twin.baseUrl.length);

    for (const count of [0, 2, 4, 1000]) {
      const { status, body } = await send('PUT', target, chunks(count));
      expect([status, JSON.parse(body).code]).toEqual([400, 'SIZE_MISMATCH']);
    }
    expect(await objects.listParts('originals/chunked', uploadId)).toEqual([]);
    expect(await staged()).toEqual([]);
    expect((await send('PUT', target, chunks(3))).status).toBe(200);
  });

  it('keeps nothing of a part whose sender went away', async () => {
    const uploadId = await objects.createMultipart('originals/cut');
    const { url, method } = await objects.signPart('originals/cut', uploadId, 1, 1_000_000, MINUTE_MS);

    const sent = request(url, { method, headers: { expect: '100-continue', 'content-length': 1_000_000 } });
    const closed = new Promise((resolve) => sent.on('close', resolve));
    sent.on('error', () => {});
    await once(sent, 'continue');
    sent.write(Buffer.alloc(100_000), () => sent.destroy());
    await closed;
    await twin.settled();

    expect(await objects.listParts('originals/cut', uploadId)).toEqual([]);
    expect(await staged()).toEqual([]);
  });

  it('answers HEAD like GET, and never lets a browser guess', async () => {
    await objects.put('a/page.html', bytes('<script>'));
    const { url } = await objects.signGet('a/page.html', MINUTE_MS);

    const head = await fetch(url, { method: 'HEAD' });

    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '8', '']);
    expect(head.headers.get('content-type')).toBe('application/octet-stream');
    expect(head.headers.get('x-content-type-options')).toBe('nosniff');
    expect(head.headers.get('content-security-policy')).toContain('sandbox');
    expect(head.headers.get('etag')).toBe(`"${createHash('md5').update('<script>').digest('hex')}"`);
  });

  it('gives the whole of an object that has changed since the part before', async () => {
    await objects.put('a/digits', bytes('0123456789'));
    const { url } = await objects.signGet('a/digits', MINUTE_MS);
    const etag = (await fetch(url)).headers.get('etag') ?? '';

    const parts = [etag, '"other"'].map((tag) =>
      fetch(url, { headers: { range: 'bytes=0-1', 'if-range': tag } }),
    );

    expect((await Promise.all(parts)).map(({ status }) => status)).toEqual([206, 200]);
  });

  it('goes on reading an object that is replaced and deleted meanwhile', async () => {
    await objects.put('a/read', bytes('the former one'));
    const { body } = await objects.read('a/read');
    await objects.put('a/read', bytes('another'));
    await objects.delete(['a/read']);

    expect(String(await buffer(body))).toBe('the former one');
  });

  it('puts and deletes in one folder at once', async () => {
    const rounds = Array.from({ length: 40 }, (_, round) => `busy/folder/${round}`);
    await Promise.all(
      rounds.map(async (key) => {
        await objects.put(key, bytes(key));
        await objects.delete([key]);
      }),
    );
    expect(await objects.list('busy/')).toEqual([]);
    expect(await readdir(join(twin.directory, 'objects'))).not.toContain('busy');
  });

  it('keeps URLs and uploads over a restart, and sweeps what was left half written', async () => {
    const uploadId = await objects.createMultipart('originals/later');
    const part = await sendPart(objects, 'originals/later', uploadId, 1, bytes('part'));
    const [old, fresh] = ['old', 'fresh'].map((name) => join(twin.directory, 'uploads', '.staging', name));
    for (const file of [old, fresh]) await writeFile(file as string, 'half');
    await utimes(old as string, 0, 0);

    const options = { directory: twin.directory, signingKey: SIGNING_KEY, baseUrl: twin.baseUrl };
    await using again = await DirectoryObjects.open(options);

    expect(await staged()).toEqual(['fresh']);
    await again.completeMultipart('originals/later', uploadId, [part]);
    const { url } = await again.signGet('originals/later', MINUTE_MS);
    expect(await (await fetch(url)).text()).toBe('part');
  });

  it('opens with no weak key and signs nothing before it knows where it is', async () => {
    const { directory } = twin;
    await expect(DirectoryObjects.open({ directory, signingKey: 'short' })).rejects.toThrow('signing key');
    await using nowhere = await DirectoryObjects.open({ directory, signingKey: SIGNING_KEY });
    await expect(nowhere.signGet('a', MINUTE_MS)).rejects.toThrow('base URL');
  });
});

const ALPHABET = 'abcXYZ0189-_./%?&=~@';

/** The target with one character put in, taken out or changed, or with a piece of it twice or moved. */
function mutate(target: string): string {
  const at = randomInt(1, target.length);
  const to = randomInt(at, target.length);
  const char = ALPHABET[randomInt(ALPHABET.length)] ?? '';
  const mutations = [
    target.slice(0, at) + char + target.slice(at),
    target.slice(0, at) + target.slice(at + 1),
    target.slice(0, at) + char + target.slice(at + 1),
    target.slice(0, to) + target.slice(at),
    target.slice(0, at) + target.slice(to) + target.slice(at, to),
    target.slice(0, at),
  ];
  const mutation = mutations[randomInt(mutations.length)] ?? '';
  return mutation === target ? mutate(target) : mutation;
}
