import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { SERVICES } from '../backends/options.ts';
import { ask } from '../testing/attacker.ts';
import { makeTune } from '../testing/audio.ts';
import { type Account, openArtist, signUp } from '../testing/listener.ts';
import { searchDatabase } from '../testing/search-stores.ts';
import { openTestStack, type TestStack } from '../testing/test-stack.ts';
import { until } from '../testing/until.ts';
import { declare, put, submitBytes } from '../testing/uploads.ts';

const MP3 = { filename: 'song.mp3', contentType: 'audio/mpeg' };

let volna: TestStack;
let alice: Account;
let artistId: string;
let mp3: Buffer;

beforeAll(async () => {
  volna = await openTestStack();
  alice = await signUp(volna.endpoint);
  artistId = await openArtist(alice, 'Alice');
  const tune = { name: 'good', format: 'mp3', seconds: 4 } as const;
  mp3 = await readFile(await makeTune(volna.backends.ffmpeg, volna.directory, tune));
}, 120_000);

afterAll(async () => {
  await volna[Symbol.asyncDispose]();
});

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

  it.each(['http://169.254.169.254/latest/meta-data.mp3', 'file:///etc/passwd.mp3', '$(id).mp3'])(
    'fetches nothing and runs nothing that a name says: %s',
    async (filename) => {
      expect(await submitBytes(alice.api, artistId, { ...MP3, filename }, mp3)).toMatchObject({
        status: 'READY',
      });
    },
  );
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
