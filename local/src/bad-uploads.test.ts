import { readFile } from 'node:fs/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CreateAlbumDocument, TrackDocument } from '@volna/gateway/client';

import { makeTune } from './testing/audio.ts';
import { type Account, openArtist, signUp } from './testing/listener.ts';
import { openTestStack, type TestStack } from './testing/test-stack.ts';
import { until } from './testing/until.ts';
import { complete, declare, outcome, put, sendBytes } from './testing/uploads.ts';

const FLAC = { filename: 'song.flac', contentType: 'audio/flac' };

describe('uploads of others and out of turn', () => {
  let volna: TestStack;
  let alice: Account;
  let artistId: string;
  let mallory: Account;
  let mallorysArtistId: string;
  let flac: Buffer;

  beforeAll(async () => {
    volna = await openTestStack();
    alice = await signUp(volna.endpoint);
    artistId = await openArtist(alice, 'Аврора');
    mallory = await signUp(volna.endpoint);
    mallorysArtistId = await openArtist(mallory, 'Mallory');
    const tune = { name: 'good', format: 'flac', seconds: 3 } as const;
    flac = await readFile(await makeTune(volna.backends.ffmpeg, volna.directory, tune));
  }, 120_000);

  afterAll(async () => {
    await volna[Symbol.asyncDispose]();
  });

  it('makes one track of an upload, however often and at once it is completed', async () => {
    const { uploadId, parts } = await sendBytes(alice.api, FLAC, flac);
    const input = { uploadId, artistId, parts };
    const [first, ...others] = await Promise.all([1, 2, 3].map(() => complete(alice.api, input)));
    expect(first?.trackId).toMatch(/^trk_/);
    expect([...others, await complete(alice.api, input)]).toEqual([first, first, first]);
    expect(await outcome(alice.api, first?.trackId ?? '')).toMatchObject({ status: 'READY' });
  });

  it("finds no upload that is another's, and leaves it to its owner", async () => {
    const { uploadId, parts } = await sendBytes(alice.api, FLAC, flac);
    const stolen = await complete(mallory.api, { uploadId, artistId: mallorysArtistId, parts });
    expect(stolen).toEqual({ trackId: null, codes: ['NOT_FOUND'] });
    const nobodys = await complete(alice.api, { uploadId: 'upl_none', artistId, parts });
    expect(nobodys).toEqual({ trackId: null, codes: ['NOT_FOUND'] });
    const own = await complete(alice.api, { uploadId, artistId, parts });
    expect(own.codes).toEqual([]);
  });

  it("puts nothing on another's artist page or album", async () => {
    const { createAlbum } = await mallory.api.ask(CreateAlbumDocument, {
      input: { artistId: mallorysArtistId, title: 'Hers' },
    });
    const albumId = createAlbum.album?.id ?? '';
    const { uploadId, parts } = await sendBytes(alice.api, FLAC, flac);
    const foreign = await complete(alice.api, { uploadId, artistId: mallorysArtistId, parts });
    expect(foreign).toEqual({ trackId: null, codes: ['FORBIDDEN'] });
    const missing = await complete(alice.api, { uploadId, artistId: 'art_none', parts });
    expect(missing).toEqual({ trackId: null, codes: ['NOT_FOUND'] });

    // refused where catalog has heard of the album, ignored by albums where it has not yet
    const { trackId } = await complete(alice.api, { uploadId, artistId, albumId, parts });
    if (trackId) await outcome(alice.api, trackId);
    const { track } = await alice.api.ask(TrackDocument, { id: trackId ?? '' });
    expect(track?.album ?? null).toBeNull();
    await until('catalog knows the album', async () => {
      const again = await sendBytes(alice.api, FLAC, flac);
      const answer = await complete(alice.api, { ...again, artistId, albumId });
      return answer.codes[0] === 'FORBIDDEN';
    });
  });

  it('takes parts again that were missing or wrong', async () => {
    const { upload } = await declare(alice.api, { ...FLAC, sizeBytes: flac.length });
    const [part] = upload?.parts ?? [];
    const input = { uploadId: upload?.id ?? '', artistId };
    expect(await complete(alice.api, { ...input, parts: [] })).toMatchObject({ codes: ['INVALID_PART'] });
    const { etag } = await put(part?.url ?? '', flac);
    for (const parts of [
      [{ partNumber: 1, etag: '"0123456789abcdef0123456789abcdef"' }],
      [{ partNumber: 2, etag }],
      [
        { partNumber: 1, etag },
        { partNumber: 1, etag },
      ],
      [
        { partNumber: 1, etag },
        { partNumber: 2, etag },
      ],
    ]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await complete(alice.api, { ...input, parts })).toMatchObject({ codes: ['INVALID_PART'] });
    }
    const { codes } = await complete(alice.api, { ...input, parts: [{ partNumber: 1, etag }] });
    expect(codes).toEqual([]);
  });

  it('refuses URLs that are expired or changed', async () => {
    const { upload } = await declare(alice.api, { ...FLAC, sizeBytes: flac.length });
    const url = new URL(upload?.parts[0]?.url ?? '');
    const key = url.pathname.replace('/objects/', '');
    const { objects } = volna.backends;
    const multipartId = url.searchParams.get('upload') ?? '';
    const expired = await objects.signPart(key, multipartId, 1, flac.length, 1);
    await until('the URL has expired', async () => Date.now() > expired.expiresAt.getTime());
    expect(await put(expired.url, flac)).toMatchObject({ status: 403, code: 'URL_EXPIRED' });

    const longer = upload?.parts[0]?.url.replace(/expires=\d+/, 'expires=99999999999999') ?? '';
    expect(await put(longer, flac)).toMatchObject({ status: 403, code: 'BAD_SIGNATURE' });
    const elsewhere = upload?.parts[0]?.url.replace(alice.username, 'x').replace('song', 'gong') ?? '';
    expect(await put(elsewhere, flac)).toMatchObject({ status: 403, code: 'BAD_SIGNATURE' });
  });

  describe('names', () => {
    it.each([
      ['folders', '../../../etc/cron.d/song.flac', 'song.flac'],
      ['folders of Windows', 'C:\\..\\..\\song.flac', 'song.flac'],
      ['control characters', 'so\u0000n\r\ng\u001b[31m\u202e.flac', 'song[31m.flac'],
      ['a URL', 'http:song.flac', 'http:song.flac'],
      ['options', '-i -y $(id) `id`;.flac', '-i -y $(id) `id`;.flac'],
    ])('keeps %s out of where files lie', async (_what, filename, clean) => {
      const sent = await sendBytes(alice.api, { ...FLAC, filename }, flac);
      expect(sent.filename).toBe(clean);
      const { trackId, codes } = await complete(alice.api, { ...sent, artistId });
      expect(codes).toEqual([]);
      expect(await outcome(alice.api, trackId ?? '')).toMatchObject({ status: 'READY' });
    });

    it('refuses a name of ten thousand characters', async () => {
      const filename = `${'a'.repeat(10_000)}.flac`;
      const { codes } = await declare(alice.api, { ...FLAC, filename, sizeBytes: flac.length });
      expect(codes).toEqual(['BAD_USER_INPUT']);
    });
  });
});
