import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, trackDeleted, trackOpennessChanged } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { anOpening } from '@volna/platform/testing/openness';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { GRANT_KEY, openPlayback, type Playback } from '../testing/open-playback.ts';
import { OPENING_MS, readGrant, signGrant } from './grant.ts';

const TRACK = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Track {
  stream { hlsUrl losslessHlsUrl renditions { bitrateKbps codec } trackGainDb truePeakDbtp
    gapless { sampleRate delaySamples samples } }
  download { url sizeBytes } } } }`;

describe('a stream', () => {
  const bob = aViewer();
  let playback: Playback;

  beforeAll(async () => {
    playback = await openPlayback();
  });

  afterAll(async () => {
    await playback[Symbol.asyncDispose]();
  });

  async function streamOf(id: string, viewer: Viewer | null) {
    const { data } = await playback.as(viewer)(TRACK, { of: [{ __typename: 'Track', id }] });
    return data._entities[0];
  }

  it('grants a stream that begins within minutes, and then goes on, in parts too', async () => {
    const { stream, download } = await streamOf(await playback.aTrack(), bob);
    expect(stream.renditions).toEqual([{ bitrateKbps: 96, codec: 'mp4a.40.2' }]);
    expect(download).toBeNull();
    const [, , open = ''] = new URL(stream.hlsUrl).pathname.split('/');
    expect(readGrant(GRANT_KEY, open)).toMatchObject({ kind: 'open', userId: bob.userId });
    expect(readGrant(GRANT_KEY, open, Date.now() + OPENING_MS)).toBe('expired');
    const master = await fetch(stream.hlsUrl);
    expect(master.headers.get('content-type')).toBe('application/vnd.apple.mpegurl');
    expect(master.headers.get('cache-control')).toBe('private, no-store');

    const variant = await openStream(stream.hlsUrl);
    const [, , play = ''] = variant.pathname.split('/');
    // a track of a minute, an hour of pauses
    expect(readGrant(GRANT_KEY, play, Date.now() + 60 * 60_000)).toMatchObject({ kind: 'play' });
    expect(readGrant(GRANT_KEY, play, Date.now() + 62 * 60_000)).toBe('expired');
    const part = await fetch(new URL('seg-0.m4s', variant), { headers: { range: 'bytes=2-4' } });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      'bytes 2-4/10',
      '234',
    ]);
    const beyond = await fetch(new URL('seg-0.m4s', variant), { headers: { range: 'bytes=20-' } });
    expect(beyond.status).toBe(416);
    expect((await fetch(new URL('seg-9.m4s', variant))).status).toBe(404);
    expect((await fetch(new URL('96/seg-0.m4s', stream.hlsUrl))).status).toBe(403);
  });

  it('sends what a player has not got yet', async () => {
    const segment = new URL(
      'seg-0.m4s',
      await openStream((await streamOf(await playback.aTrack(), bob)).stream.hlsUrl),
    );
    const head = await fetch(segment, { method: 'HEAD' });
    const etag = head.headers.get('etag') ?? '';
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '10', '']);
    const known = await fetch(segment, { headers: { 'if-none-match': `"other", W/${etag}` } });
    expect([known.status, await known.text()]).toEqual([304, '']);
    const other = { range: 'bytes=2-4', 'if-range': '"other"' };
    expect((await fetch(segment, { headers: other })).status).toBe(200);
    expect((await fetch(segment, { headers: { ...other, 'if-range': etag } })).status).toBe(206);
    const post = await fetch(segment, { method: 'POST' });
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });

  it('tells what joins tracks, how loud they are, and of a rendition that lost nothing', async () => {
    const gapless = { sampleRate: 44_100, delaySamples: 1024, samples: 2_646_000 };
    const more = { gapless, loudnessLufs: -11.5, truePeakDbtp: -0.3, lossless: { codec: 'fLaC', kbps: 700 } };
    const { stream } = await streamOf(await playback.aTrack({ more }), bob);
    expect(stream).toMatchObject({ gapless, trackGainDb: -6.5, truePeakDbtp: -0.3 });
    expect(stream.losslessHlsUrl).toBe(stream.hlsUrl.replace('master', 'lossless'));
    const plain = (await streamOf(await playback.aTrack(), bob)).stream;
    expect(plain).toMatchObject({
      gapless: null,
      trackGainDb: null,
      truePeakDbtp: null,
      losslessHlsUrl: null,
    });
  });

  it('slows a listener down who asks too fast, and refuses who asks much too fast', async () => {
    const { stream } = await streamOf(await playback.aTrack(), aViewer());
    const segment = new URL('seg-0.m4s', await openStream(stream.hlsUrl));
    // more than a slow machine answers while the listener may ask for as many again
    const answers = await Promise.all(Array.from({ length: 400 }, () => fetch(segment, { method: 'HEAD' })));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(98);
    const other = (await streamOf(await playback.aTrack(), playback.alice)).stream;
    expect((await fetch(other.hlsUrl)).status).toBe(200);
  });

  it('gives the original to its owner', async () => {
    const { download } = await streamOf(await playback.aTrack(), playback.alice);
    expect(download).toEqual({ url: expect.stringContaining('/objects/'), sizeBytes: 5 });
  });

  it('plays a track that is not open to its owner only', async () => {
    const id = await playback.aTrack({ published: false });
    expect((await streamOf(id, bob)).stream).toBeNull();
    expect((await streamOf(id, null)).stream).toBeNull();
    expect((await streamOf(id, playback.alice)).stream).not.toBeNull();
  });

  it('closes a deleted track, though its other facts come later', async () => {
    const trackId = newId('Track');
    await playback.bus.publish(trackDeleted, { trackId, ownerId: playback.alice.userId });
    await playback.bus.publish(trackOpennessChanged, anOpening({ trackId, ownerId: playback.alice.userId }));
    await playback.bus.idle();
    expect((await streamOf(trackId, playback.alice)).stream).toBeNull();
  });

  it('refuses a grant that is forged, old or for another folder', async () => {
    const { stream } = await streamOf(await playback.aTrack(), bob);
    const grant = new URL(stream.hlsUrl).pathname.split('/')[2] ?? '';
    const forged = `${Buffer.from(JSON.stringify(['tracks', Date.now() + 1e6])).toString('base64url')}.${grant.split('.')[1]}`;
    const old = signGrant(GRANT_KEY, {
      trackId: newId('Track'),
      kind: 'play',
      prefix: 'tracks',
      userId: null,
      expiresAt: Date.now() - 1,
      isOwn: true,
      durationMs: 0,
    });
    const codes = await Promise.all(
      [
        `${forged}/master.m3u8`,
        `${old}/master.m3u8`,
        `${grant}/../../secrets.json`,
        `${grant}/%2e%2e/x.ts`,
        'x/y.ts',
      ].map(async (path) => (await fetch(`${playback.url}/hls/${path}`)).status),
    );
    expect(codes).toEqual([403, 403, 404, 403, 403]);
  });
});

/** Where a variant's playlist is, as the master playlist says. */
async function openStream(hlsUrl: string): Promise<URL> {
  const lines = (await (await fetch(hlsUrl)).text()).split('\n');
  return new URL(lines.find((line) => line !== '' && !line.startsWith('#')) ?? '', hlsUrl);
}
