import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { logger, logToFile } from '@volna/platform/log';

import { SERVICES } from '../backends/options.ts';
import { ask, post, send } from '../testing/attacker.ts';
import { makeTune } from '../testing/audio.ts';
import { type Account, openArtist, signUp } from '../testing/listener.ts';
import { searchDatabase } from '../testing/search-stores.ts';
import { openTestStack, type TestStack } from '../testing/test-stack.ts';
import { until } from '../testing/until.ts';
import { complete, declare, outcome, put, sendBytes, submitBytes } from '../testing/uploads.ts';

const MP3 = { filename: 'song.mp3', contentType: 'audio/mpeg' };
const EVIL = '"><script>alert(1)</script>\u202e';

let volna: TestStack;
let alice: Account;
let artistId: string;
let mp3: Buffer;
let trackId: string;

beforeAll(async () => {
  volna = await openTestStack();
  logToFile(join(volna.directory, 'volna.log'));
  alice = await signUp(volna.endpoint);
  artistId = await openArtist(alice, `Alice ${EVIL}`);
  const tags = { title: EVIL, artist: EVIL };
  mp3 = await readFile(
    await makeTune(volna.backends.ffmpeg, volna.directory, { name: 'good', format: 'mp3', seconds: 4, tags }),
  );
  const sent = await sendBytes(alice.api, { ...MP3, filename: `${EVIL}"\r\nset-cookie: a=b.mp3` }, mp3);
  trackId = (await complete(alice.api, { ...sent, artistId })).trackId ?? '';
  expect(await outcome(alice.api, trackId)).toMatchObject({ status: 'READY' });
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

async function streamOf(token: string | undefined): Promise<URL> {
  const { data } = await ask(
    volna.endpoint,
    'query ($id: ID!) { track(id: $id) { stream { hlsUrl } } }',
    { id: trackId },
    token,
  );
  return new URL(data.track.stream.hlsUrl);
}

describe('threat: Upload', () => {
  it.each([
    ['a page', { filename: 'song.html', contentType: 'text/html' }],
    ['a picture with a script', { filename: 'song.svg', contentType: 'image/svg+xml' }],
    ['a program', { filename: 'song.mp3.exe', contentType: 'application/octet-stream' }],
    ['audio by one name only', { filename: 'song.mp3', contentType: 'text/html' }],
  ])('of %s is not opened', async (_name, as) => {
    expect((await declare(alice.api, { ...as, sizeBytes: 1_000 })).codes).toEqual(['UNSUPPORTED_TYPE']);
  });

  it.each([1e13, -1, 0, 0.5])('of %d bytes is not opened', async (sizeBytes) => {
    const { upload, codes } = await declare(alice.api, { ...MP3, sizeBytes });
    expect(upload).toBeNull();
    expect(codes).toHaveLength(1);
  });

  it('takes the bytes that were declared, at the address that was signed, and no others', async () => {
    const { upload } = await declare(alice.api, { ...MP3, sizeBytes: mp3.length });
    const url = upload?.parts[0]?.url ?? '';
    expect(await put(url, Buffer.concat([mp3, mp3]))).toMatchObject({ status: 400, code: 'SIZE_MISMATCH' });
    const { pathname, search } = new URL(url);
    for (const path of ['/objects/../../evil.mp3', '/objects/%2e%2e/%2e%2e/evil.mp3', `${pathname}/../x`]) {
      const { status } = await put(`${volna.stack.url}${path}${search}`, mp3);
      expect([400, 403, 404]).toContain(status);
    }
  });

  it.each([
    'http://169.254.169.254/latest/meta-data.mp3',
    'file:///etc/passwd.mp3',
    'concat:a.mp3|b.mp3',
    '-i.mp3',
    '$(id).mp3',
  ])('fetches nothing and runs nothing that a name says: %s', async (filename) => {
    expect(await submitBytes(alice.api, artistId, { ...MP3, filename }, mp3)).toMatchObject({
      status: 'READY',
    });
  });
});

describe('threat: ffmpeg', () => {
  it.each([
    [
      'a playlist of our files',
      (secret: string) => `#EXTM3U\n#EXTINF:8,\nfile://${secret}\n#EXT-X-ENDLIST\n`,
    ],
    ['a playlist of other hosts', () => '#EXTM3U\n#EXTINF:8,\nhttp://169.254.169.254/a.ts\n#EXT-X-ENDLIST\n'],
    ['a script of ffconcat', (secret: string) => `ffconcat version 1.0\nfile '${secret}'\n`],
    [
      'a manifest of DASH',
      (secret: string) =>
        `<?xml version="1.0"?><MPD><Period><BaseURL>file://${secret}</BaseURL></Period></MPD>`,
    ],
    [
      'a playlist behind tags',
      (secret: string) => `ID3\x03\0\0\0\0\0\0#EXTM3U\n#EXTINF:8,\nfile://${secret}\n`,
    ],
  ])('reads nothing by %s', async (_name, script) => {
    const secret = join(volna.directory, 'secret.mp3');
    await writeFile(secret, mp3);
    const answer = await submitBytes(alice.api, artistId, MP3, Buffer.from(script(secret), 'latin1'));
    expect(answer).toEqual({ trackId: null, codes: ['UNSUPPORTED_TYPE'] });
  });
});

describe('threat: Streaming', () => {
  it('an address lets through what was signed, and nothing else', async () => {
    const { pathname } = await streamOf(alice.accessToken);
    expect((await get(pathname)).status).toBe(200);
    const [, hls = '', grant = '', file = ''] = pathname.split('/');
    const [claims = '', signature = ''] = grant.split('.');
    const [prefix, expiresAt] = JSON.parse(Buffer.from(claims, 'base64url').toString()) as [string, number];
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const wrong = [
      `/${hls}/${claims}.${signature.slice(0, -2)}AA/${file}`,
      `/${hls}/${part([prefix, expiresAt + 1])}.${signature}/${file}`,
      `/${hls}/${part(['originals', expiresAt])}.${signature}/${file}`,
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

describe('threat: GDPR', () => {
  it('who is erased is in no database, and may come back as somebody new', async () => {
    const zoe = await signUp(volna.endpoint);
    const { data } = await ask(
      volna.endpoint,
      'mutation ($p: String!) { createPlaylist(input: { title: "Mine" }) { playlist { id } } requestErasure(input: { password: $p }) { dataRequest { id } errors { code } } }',
      { p: zoe.password },
      zoe.accessToken,
    );
    expect(data.requestErasure.errors).toEqual([]);
    const words = [zoe.username];
    await until('nothing is left', async () => {
      const found = SERVICES.map((service) => searchDatabase(volna.backends.databaseUrl(service), words));
      return (await Promise.all(found)).flat().length === 0;
    });
    const login = `mutation { login(input: { login: "${zoe.username}", password: "${zoe.password}" }) { errors { code } } }`;
    expect((await ask(volna.endpoint, login)).data.login.errors).toEqual([{ code: 'INVALID_CREDENTIALS' }]);
    const input = { username: zoe.username, email: `${zoe.username}@example.org`, password: zoe.password };
    const again = 'mutation ($input: RegisterInput!) { register(input: $input) { errors { code } } }';
    expect((await ask(volna.endpoint, again, { input })).data.register.errors).toEqual([]);
  });
});
