import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TrackDocument } from '@volna/gateway/client';
import { withClient } from '@volna/platform/database';
import { flacBomb } from '@volna/transcode/testing/flac-bomb';
import { pngBomb } from '@volna/transcode/testing/png-bomb';

import { makeTune } from './testing/audio.ts';
import { type Account, openArtist, signUp } from './testing/listener.ts';
import { openTestStack, type TestStack } from './testing/test-stack.ts';
import { complete, declare, put, sendBytes, submitBytes } from './testing/uploads.ts';

const REFUSED = { trackId: null, codes: ['UNSUPPORTED_TYPE'] };
const run = promisify(execFile);
const MP3 = { filename: 'song.mp3', contentType: 'audio/mpeg' };
const FLAC = { filename: 'song.flac', contentType: 'audio/flac' };

/** Names of this process' scratch folders. */
async function scratchFolders(): Promise<string[]> {
  const own = `volna-${hostname()}-${process.pid}-`;
  return (await readdir(tmpdir())).filter((name) => name.startsWith(own)).toSorted();
}

describe('bad input at the one endpoint', () => {
  let volna: TestStack;
  let alice: Account;
  let artistId: string;
  let flac: Buffer;
  let mp3: Buffer;
  /** What a Volna that works on nothing has: the index of recordings. */
  let scratchAtRest: string[];

  beforeAll(async () => {
    volna = await openTestStack();
    scratchAtRest = await scratchFolders();
    alice = await signUp(volna.endpoint);
    artistId = await openArtist(alice, 'Аврора');
    const { ffmpeg } = volna.backends;
    flac = await readFile(await makeTune(ffmpeg, volna.directory, { name: 'good', format: 'flac' }));
    mp3 = await readFile(await makeTune(ffmpeg, volna.directory, { name: 'good', format: 'mp3' }));
  }, 120_000);

  afterAll(async () => {
    await volna[Symbol.asyncDispose]();
  });

  /** Objects that are stored, those of unfinished uploads included, as paths. */
  async function stored(): Promise<string[]> {
    const entries = await readdir(join(volna.directory, 'objects'), { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  }

  const submit = (bytes: Uint8Array, as = MP3) => submitBytes(alice.api, artistId, as, bytes);

  async function makeAudio(name: string, ...args: string[]): Promise<Buffer> {
    const { path, env } = volna.backends.ffmpeg;
    const file = join(volna.directory, name);
    await run(path, ['-v', 'error', '-y', ...args, file], { env: { ...process.env, ...env } });
    return readFile(file);
  }

  describe('files that are no audio', () => {
    it.each([
      ['a text', 'This is not a song. '.repeat(500)],
      ['a web page', `<!doctype html><html>${'<p>404</p>'.repeat(300)}`],
      ['zeros', '\0'.repeat(50_000)],
      ['tags with nothing behind them', 'ID3\x03\0\0\0\0\0\x20'.padEnd(42, '\0')],
    ])('refuses %s and keeps nothing of it', async (_what, text) => {
      const before = await stored();
      expect(await submit(Buffer.from(text, 'latin1'))).toEqual(REFUSED);
      expect(await stored()).toEqual(before);
    });

    it.each([
      ['HLS playlist', (secret: string) => `#EXTM3U\n#EXTINF:8,\nfile://${secret}\n#EXT-X-ENDLIST\n`],
      ['relative HLS playlist', () => '#EXTM3U\n#EXTINF:8,\nsecret.mp3\n#EXT-X-ENDLIST\n'],
      ['script of ffconcat', (secret: string) => `ffconcat version 1.0\nfile '${secret}'\n`],
      [
        'playlist behind tags',
        (secret: string) => `ID3\x03\0\0\0\0\0\0#EXTM3U\n#EXTINF:8,\nfile://${secret}\n`,
      ],
    ])('refuses a %s that names a file of ours', async (_what, script) => {
      const before = await stored();
      const secret = join(volna.directory, 'secret.mp3');
      await writeFile(secret, mp3);
      expect(await submit(Buffer.from(script(secret), 'latin1'))).toEqual(REFUSED);
      expect(await stored()).toEqual(before);
    });

    it('takes no empty file, declared as such or not', async () => {
      const empty = await declare(alice.api, { ...MP3, sizeBytes: 0 });
      expect(empty).toEqual({ upload: null, codes: ['EMPTY_FILE'] });
      const { upload } = await declare(alice.api, { ...MP3, sizeBytes: 1 });
      const answer = await put(upload?.parts[0]?.url ?? '', new Uint8Array());
      expect(answer).toMatchObject({ status: 400, code: 'SIZE_MISMATCH' });
    });
  });

  describe('files that are not what they claim', () => {
    it.each([
      ['FLAC called MP3', () => flac, MP3],
      ['MP3 called FLAC', () => mp3, FLAC],
    ])('refuses %s and remembers why', async (_what, file, as) => {
      const { uploadId, parts } = await sendBytes(alice.api, as, file());
      const input = { uploadId, artistId, parts };
      expect(await complete(alice.api, input)).toEqual(REFUSED);
      expect(await complete(alice.api, input)).toEqual(REFUSED);
    });

    it('refuses a media type that does not belong to the name', async () => {
      const { codes } = await declare(alice.api, { ...MP3, contentType: 'audio/flac', sizeBytes: 10 });
      expect(codes).toEqual(['UNSUPPORTED_TYPE']);
    });

    it.each([
      ['more', 100],
      ['less', -100],
    ])('refuses %s bytes than were declared', async (_what, by) => {
      const { upload } = await declare(alice.api, { ...FLAC, sizeBytes: flac.length - by });
      const [part] = upload?.parts ?? [];
      expect(await put(part?.url ?? '', flac)).toMatchObject({ status: 400, code: 'SIZE_MISMATCH' });
      const parts = [{ partNumber: 1, etag: 'd41d8cd98f00b204e9800998ecf8427e' }];
      const input = { uploadId: upload?.id ?? '', artistId, parts };
      expect(await complete(alice.api, input)).toEqual({ trackId: null, codes: ['INVALID_PART'] });
    });
  });

  describe('files that hurt whoever decodes them', () => {
    it('ends a FLAC whose frames turn into noise', async () => {
      const noise = Buffer.concat([flac.subarray(0, 12_000), randomBytes(200_000)]);
      const { status, code } = await submit(noise, FLAC);
      expect(status).toBe('FAILED');
      expect(['TRUNCATED', 'UNDECODABLE']).toContain(code);
    });

    it('ends a FLAC that is cut short', async () => {
      const half = flac.subarray(0, flac.length / 2);
      expect(await submit(half, FLAC)).toMatchObject({ status: 'FAILED', code: 'TRUNCATED' });
    });

    it('ends an MP3 that is noise behind its first frame', async () => {
      const noise = Buffer.concat([mp3.subarray(0, 500), randomBytes(100_000)]);
      const { status, code } = await submit(noise);
      expect(status).toBe('FAILED');
      expect(['NOT_AUDIO', 'UNDECODABLE']).toContain(code);
    });

    it.each([
      ['says so', 360_000],
      ['says one second', 1],
    ])('ends a hundred hours of silence in four megabytes whose header %s', async (_how, declared) => {
      const { trackId, ...end } = await submit(flacBomb(360_000, declared), FLAC);
      expect(end).toMatchObject({ status: 'FAILED', code: 'TOO_LONG' });
      expect(await volna.backends.objects.list(`tracks/${trackId}/`)).toEqual([]);
    });

    it('leaves out a cover of 16,000 by 16,000', async () => {
      const big = join(volna.directory, 'big.png');
      await writeFile(big, pngBomb(16_000));
      const picture = ['-i', big, '-map', '0', '-map', '1', '-c:v', 'copy', '-disposition:v', 'attached_pic'];
      const tone = ['-f', 'lavfi', '-i', 'sine=440:duration=3'];
      const { trackId, ...end } = await submit(await makeAudio('covered.mp3', ...tone, ...picture));
      expect(end).toMatchObject({ status: 'READY', code: null });
      const { track } = await alice.api.ask(TrackDocument, { id: trackId ?? '' });
      expect(track).toMatchObject({ status: 'READY', cover: null });
    });

    it('reads Russian tags that were written as Latin ones', async () => {
      const tone = ['-f', 'lavfi', '-i', 'sine=330:duration=3', '-metadata', 'title=Ïåñíÿ î ëåñå'];
      expect(await submit(await makeAudio('latin.mp3', ...tone))).toMatchObject({
        status: 'READY',
        title: 'Песня о лесе',
      });
    });
  });

  it('goes on with the next good file, and leaves nothing behind', async () => {
    expect(await submit(mp3)).toMatchObject({ status: 'READY' });
    expect(await scratchFolders()).toEqual(scratchAtRest);

    const refused = await ask("SELECT object_key AS found FROM upload WHERE status <> 'COMPLETED'");
    expect(refused.length).toBeGreaterThan(10);
    const kept = await volna.backends.objects.list('');
    expect(kept.filter((key) => refused.includes(key))).toEqual([]);
    expect(await ask("SELECT id AS found FROM job WHERE state IN ('QUEUED', 'RUNNING')")).toEqual([]);
  });

  async function ask(sql: string): Promise<string[]> {
    const { rows } = await withClient(volna.backends.databaseUrl('catalog'), (client) =>
      client.query<{ found: string }>(sql),
    );
    return rows.map(({ found }) => found);
  }
});
