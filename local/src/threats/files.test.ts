import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { logger, logToFile } from '@volna/platform/log';

import { ask, post, send } from '../testing/attacker.ts';
import { makeTune } from '../testing/audio.ts';
import { type Account, openArtist, signUp } from '../testing/listener.ts';
import { openTestStack, type TestStack } from '../testing/test-stack.ts';
import { until } from '../testing/until.ts';
import { complete, outcome, sendBytes } from '../testing/uploads.ts';

const MP3 = { filename: 'song.mp3', contentType: 'audio/mpeg' };
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const EVIL = '"><script>alert(1)</script>\u202e';

let volna: TestStack;
let alice: Account;
let artistId: string;
let trackId: string;

beforeAll(async () => {
  volna = await openTestStack();
  logToFile(join(volna.directory, 'volna.log'));
  alice = await signUp(volna.endpoint);
  artistId = await openArtist(alice, `Alice ${EVIL}`);
  const tags = { title: EVIL, artist: EVIL };
  const mp3 = await readFile(
    await makeTune(volna.backends.ffmpeg, volna.directory, { name: 'good', format: 'mp3', seconds: 4, tags }),
  );
  const sent = await sendBytes(alice.api, { ...MP3, filename: `${EVIL}"\r\nset-cookie: a=b.mp3` }, mp3);
  trackId = (await complete(alice.api, { ...sent, artistId })).trackId ?? '';
  const end = await outcome(alice.api, trackId);
  if (end?.status !== 'READY') throw new Error(JSON.stringify(end));
}, 120_000);

afterAll(async () => {
  await volna[Symbol.asyncDispose]();
});

/** A path exactly as it is written: `fetch` would tidy it up. */
function get(path: string): Promise<{ status: number; headers: object; body: string }> {
  const { hostname, port } = new URL(volna.stack.url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        const body = Buffer.concat(parts).toString('latin1');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      });
    });
    asked.on('error', reject).end();
  });
}

/** Where the track is played from; playback learns a little later than its owner that it may be. */
async function streamOf(token: string | undefined): Promise<URL> {
  const query = 'query ($id: ID!) { track(id: $id) { stream { hlsUrl } } }';
  let url: URL | null = null;
  await until('the track plays', async () => {
    const { data } = await ask(volna.endpoint, query, { id: trackId }, token);
    url = URL.parse(data.track.stream?.hlsUrl ?? '');
    return url !== null;
  });
  return url ?? new URL('about:blank');
}

describe('threat: Streaming', () => {
  it('an address lets through what was signed, and nothing else', async () => {
    const { pathname } = await streamOf(alice.accessToken);
    expect((await get(pathname)).status).toBe(200);
    const [, hls = '', grant = '', file = ''] = pathname.split('/');
    const [claims = '', signature = ''] = grant.split('.');
    const told = JSON.parse(Buffer.from(claims, 'base64url').toString()) as unknown[];
    expect(told).toMatchObject([
      'open',
      trackId,
      expect.any(String),
      expect.stringMatching(/^usr_/),
      true,
      expect.any(Number),
      expect.any(Number),
    ]);
    const changed = (at: number, value: unknown) => `${encoded(told.with(at, value))}.${signature}`;
    const wrong = [
      `/${hls}/${claims}.${signature.slice(0, -2)}AA/${file}`,
      `/${hls}/${changed(0, 'play')}/${file}`,
      `/${hls}/${changed(1, 'trk_another')}/${file}`,
      `/${hls}/${changed(2, 'originals')}/${file}`,
      `/${hls}/${changed(3, null)}/${file}`,
      `/${hls}/${changed(5, Number(told[5]) + 1)}/${file}`,
      // what was handed out leads to a playlist, and no further
      `/${hls}/${grant}/320/index.m3u8`,
      `/${hls}/${grant}/320/00000.ts`,
      `/${hls}/${claims}/${file}`,
      `/${hls}/${claims}./${file}`,
      `/${hls}//${file}`,
    ];
    for (const path of wrong) expect([path, (await get(path)).status]).toEqual([path, 403]);
  });

  it.each([
    '/../../../../etc/passwd',
    '/..%2f..%2f..%2fetc%2fpasswd',
    '/%2e%2e/%2e%2e/volna.log',
    '/..%5c..%5cvolna.log',
    '/....//....//volna.log',
    '/\\..\\..\\volna.log',
    '/a/../../../volna.log',
    '/%00.m3u8',
    '//etc/passwd',
  ])('no path leads out of it: %s', async (path) => {
    const { pathname } = await streamOf(undefined);
    const base = pathname.split('/').slice(0, 3).join('/');
    for (const from of [base, '/objects', '', '/ide', '/hls']) {
      const { status, body } = await get(`${from}${path}`);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      expect(body).not.toMatch(/root:|correlationId/);
    }
  });

  it('stored files are had by a signature only', async () => {
    const keys = await volna.backends.objects.list('');
    expect(keys.length).toBeGreaterThan(5);
    for (const key of keys.slice(0, 20)) expect((await get(`/objects/${key}`)).status).toBe(403);
  });
});

describe('threat: Stored XSS/CRLF/log injection', () => {
  it('what people write comes back as data, in JSON that no browser takes for a page', async () => {
    const seen = await ask(volna.endpoint, 'query ($id: ID!) { track(id: $id) { title artist { name } } }', {
      id: trackId,
    });
    expect(seen.data.track.title).toContain('<script>');
    expect(seen.data.track.artist.name).toContain('<script>');
    expect(seen.headers.get('content-type')).toMatch(/^application\/(graphql-response\+)?json/);
    expect(seen.headers.get('x-content-type-options')).toBe('nosniff');
    expect(seen.headers.get('content-security-policy')).toContain("default-src 'none'");
    // what turns the text around it is not kept
    expect(seen.text).not.toMatch(/\u202e|\\u202e/);
  });

  it('a file comes back as a file, under a name that starts no header', async () => {
    const query = 'query ($id: ID!) { track(id: $id) { download { url } cover { url } } }';
    const { data } = await ask(volna.endpoint, query, { id: trackId }, alice.accessToken);
    const { status, headers } = await send(data.track.download.url, { method: 'HEAD' });
    expect(status).toBe(200);
    expect(headers.get('set-cookie')).toBeNull();
    expect(headers.get('content-disposition')).toMatch(/^attachment;/);
    expect(headers.get('content-disposition')).not.toMatch(/[\r\n]/);
    expect(headers.get('content-type')).toMatch(/^audio\//);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('no line break gets from a request into a header', async () => {
    const evil = '%0d%0aset-cookie:%20a=b';
    for (const path of [
      `/graphql?query=${evil}`,
      `/${evil}`,
      `/hls/${evil}/x.m3u8`,
      `/objects/a?name=${evil}`,
    ]) {
      expect(Object.keys((await get(path)).headers)).not.toContain('set-cookie');
    }
    const named = { query: '{ __typename }', operationName: 'a\r\nset-cookie: b=c' };
    expect((await post(volna.endpoint, named)).headers.get('set-cookie')).toBeNull();
  });

  it('each line of the log is one of ours, and holds no secret', async () => {
    const line = '\n{"level":60,"msg":"forged by an attacker"}\r\n';
    logger.error({ name: line, err: new Error(line) }, line);
    await ask(
      volna.endpoint,
      'mutation ($l: String!) { login(input: { login: $l, password: $l }) { errors { code } } }',
      { l: line },
      undefined,
      { 'x-request-id': 'forged' },
    );
    await ask(volna.endpoint, '{ me { id } }', {}, `${alice.accessToken}x`);
    const path = join(volna.directory, 'volna.log');
    await until('the log is written', async () =>
      (await readFile(path, 'utf8')).includes('forged by an attacker'),
    );
    const text = await readFile(path, 'utf8');
    const lines = text
      .trimEnd()
      .split('\n')
      .map((each) => JSON.parse(each));
    expect(lines.filter(({ level }) => level === 60)).toEqual([]);
    for (const secret of [alice.password, alice.accessToken, alice.refreshToken])
      expect(text).not.toContain(secret);
  });
});
