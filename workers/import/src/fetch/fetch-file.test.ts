import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { openFetcher, openSite, type Site, stubLookup } from '../testing/sites.ts';

const SONG = randomBytes(300_000);
const AUDIO = { 'content-type': 'audio/flac' };

let fetcher: Awaited<ReturnType<typeof openFetcher>>;
let site: Site;
let inside: Site;

/** Writes for as long as somebody listens. */
function pour(response: ServerResponse, bytes: number, everyMs: number): void {
  const timer = setInterval(() => response.write(Buffer.alloc(bytes)), everyMs);
  response.on('close', () => clearInterval(timer));
}

const PAGES: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '/song': (response) => response.writeHead(200, { ...AUDIO, 'content-length': SONG.length }).end(SONG),
  '/chunked/a%20song.flac': (response) => response.writeHead(200, AUDIO).end(SONG),
  '/named': (response) =>
    response
      .writeHead(200, { 'content-disposition': `attachment; filename="x.mp3"; filename*=UTF-8''%D0%A2.mp3` })
      .end(SONG),
  '/gzip': (response) =>
    response.writeHead(200, { ...AUDIO, 'content-encoding': 'gzip' }).end(gzipSync(SONG)),
  '/brotli-bomb': (response) =>
    response
      .writeHead(200, { ...AUDIO, 'content-encoding': 'br' })
      .end(brotliCompressSync(Buffer.alloc(8_000_000))),
  '/twice': (response) => response.writeHead(200, { ...AUDIO, 'content-encoding': 'gzip, gzip' }).end(SONG),
  '/not-gzip': (response) => response.writeHead(200, { ...AUDIO, 'content-encoding': 'gzip' }).end(SONG),
  '/announced': (response) => response.writeHead(200, { ...AUDIO, 'content-length': 5_000_000 }).write('x'),
  '/endless': (response) => pour(response.writeHead(200, AUDIO), 100_000, 1),
  '/drops': (response) => pour(response.writeHead(200, AUDIO), 1, 5),
  '/silent': () => undefined,
  '/cut': (response) => {
    response.writeHead(200, { ...AUDIO, 'content-length': 1000 }).write(Buffer.alloc(500), () => {
      response.destroy();
    });
  },
  '/empty': (response) => response.writeHead(200, AUDIO).end(),
  '/page': (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
  '/gone': (response) => response.writeHead(404).end(),
  '/busy': (response) => response.writeHead(503).end(),
  '/loop': (response) => response.writeHead(302, { location: '/loop' }).end(),
  '/nowhere': (response) => response.writeHead(302, { location: 'http://' }).end(),
  '/moved': (response) => response.writeHead(307, { location: '/song' }).end(),
  '/to-file': (response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  '/to-inside': (response) =>
    response.writeHead(302, { location: `http://127.0.0.2:${inside.port}/secret` }).end(),
  '/to-metadata': (response) =>
    response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end(),
  '/to-name': (response) =>
    response.writeHead(302, { location: `http://inside.test:${inside.port}/secret` }).end(),
};

beforeAll(async () => {
  fetcher = await openFetcher();
  site = await openSite((request, response) => PAGES[(request.url ?? '').split('?')[0] ?? '']?.(response));
  inside = await openSite((_request, response) => response.writeHead(200, AUDIO).end(SONG), '127.0.0.2');
});
afterAll(async () => {
  await inside[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
  await fetcher[Symbol.asyncDispose]();
});

const at = (path: string) => `http://127.0.0.1:${site.port}${path}`;
const ports = () => [site.port, inside.port];
const take = (path: string, more: object = {}) => fetcher.fetch(at(path), { ports: ports(), ...more });
const stored = async () => buffer((await fetcher.objects.read('fetched/one')).body);

describe('fetchFile stores', () => {
  it.each(['/song', '/chunked/a%20song.flac', '/gzip', '/moved'])('%s as it is', async (path) => {
    const found = await take(path);

    expect(found).toMatchObject({ bytes: SONG.length, contentType: 'audio/flac' });
    expect(SONG.equals(await stored())).toBe(true);
    expect(found.shares.at(-1)).toBeCloseTo(SONG.length / 1_000_000);
  });

  it('the name that the server gives, or else the last of the URL', async () => {
    expect((await take('/named')).filename).toBe('Т.mp3');
    expect((await take('/chunked/a%20song.flac')).filename).toBe('a song.flac');
  });

  it('a file of a name that leads to an address that is allowed', async () => {
    const lookup = stubLookup(['127.0.0.1']);
    const found = await fetcher.fetch(`http://music.test:${site.port}/song`, { ports: ports(), lookup });
    expect(found.bytes).toBe(SONG.length);
    expect(lookup.times()).toBe(1);
  });
});

describe('fetchFile refuses', () => {
  it.each([
    ['/announced', 'FILE_TOO_LARGE', false],
    ['/endless', 'FILE_TOO_LARGE', false],
    ['/brotli-bomb', 'FILE_TOO_LARGE', false],
    ['/twice', 'FETCH_FAILED', false],
    ['/not-gzip', 'FETCH_FAILED', true],
    ['/cut', 'FETCH_FAILED', true],
    ['/empty', 'EMPTY_FILE', false],
    ['/page', 'UNSUPPORTED_TYPE', false],
    ['/gone', 'FETCH_FAILED', false],
    ['/busy', 'FETCH_FAILED', true],
    ['/loop', 'TOO_MANY_REDIRECTS', false],
    ['/nowhere', 'FETCH_FAILED', false],
    ['/to-file', 'URL_NOT_ALLOWED', false],
    ['/to-inside', 'URL_NOT_ALLOWED', false],
    ['/to-metadata', 'URL_NOT_ALLOWED', false],
  ])('%s as %s', async (path, code, retryable) => {
    await expect(take(path)).rejects.toMatchObject({ code, retryable });
    expect(await fetcher.objects.list('fetched/')).toEqual([]);
  });

  it('what comes too slowly, or not at all', async () => {
    const slowest = { bytes: 1_000, withinMs: 100 };
    await expect(take('/drops', { slowest })).rejects.toMatchObject({ code: 'TIMED_OUT' });
    await expect(take('/drops', { maxMs: 100 })).rejects.toMatchObject({ code: 'TIMED_OUT' });
    await expect(take('/silent', { answerMs: 100 })).rejects.toMatchObject({ code: 'TIMED_OUT' });
    expect(await fetcher.objects.list('fetched/')).toEqual([]);
  });

  it('a redirect to a name that leads inside', async () => {
    const lookup = stubLookup(['127.0.0.2']);
    await expect(take('/to-name', { lookup })).rejects.toMatchObject({ code: 'URL_NOT_ALLOWED' });
    expect(lookup.times()).toBe(1);
    expect(inside.asked).toEqual([]);
  });

  it('a name that leads outside when it is looked at and inside when it is connected to', async () => {
    // the first answer would satisfy a check that is made before the connection
    const lookup = stubLookup(['127.0.0.1'], ['127.0.0.2']);
    const url = `http://rebinding.test:${inside.port}/secret`;
    await expect(fetcher.fetch(url, { ports: ports(), lookup })).rejects.toMatchObject({ retryable: true });
    await expect(fetcher.fetch(url, { ports: ports(), lookup })).rejects.toMatchObject({
      code: 'URL_NOT_ALLOWED',
    });
    expect(inside.asked).toEqual([]);
  });

  it('a name of which one address is inside', async () => {
    const lookup = stubLookup(['127.0.0.1', '127.0.0.2']);
    const url = `http://both.test:${site.port}/song`;
    await expect(fetcher.fetch(url, { ports: ports(), lookup })).rejects.toMatchObject({
      code: 'URL_NOT_ALLOWED',
    });
  });

  it.each(['127.0.0.2', '::ffff:127.0.0.2', '10.0.0.1', '169.254.169.254', 'fd00::1', '64:ff9b::7f00:2'])(
    'a name that leads to %s',
    async (address) => {
      const lookup = stubLookup([address]);
      await expect(
        fetcher.fetch(`http://name.test:${inside.port}/`, { ports: ports(), lookup }),
      ).rejects.toMatchObject({ code: 'URL_NOT_ALLOWED' });
    },
  );

  it('without a word of the URL, which may hold a secret', async () => {
    for (const path of ['/gone?key=hush', '/loop?key=hush', '/to-file?key=hush']) {
      const failure = await take(path, { answerMs: 100 }).catch((err: unknown) => err);
      expect(JSON.stringify(failure) + String((failure as Error).stack)).not.toContain('hush');
    }
  });
});
