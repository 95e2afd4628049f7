import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SearchDocument, StreamDocument } from '@volna/gateway/client';
import { binaryForTests } from '@volna/platform/testing/servers';

import { type Api, openApi } from './client/api.ts';
import { makeTune } from './testing/audio.ts';
import { type Account, openArtist, signUp } from './testing/listener.ts';
import { until } from './testing/until.ts';
import { complete, outcome, sendBytes } from './testing/uploads.ts';
import {
  endsWithin,
  processesOf,
  runEntry,
  type RunningVolna,
  startVolna,
  untilEncoding,
} from './testing/volna-process.ts';

const ffmpeg = await binaryForTests('ffmpeg');
const missing = typeof ffmpeg === 'string' ? ffmpeg : existsSync('/proc/self') ? null : 'no /proc here';
const suite = missing === null ? describe : describe.skip;
/** Promised are 5 s; a machine that runs other tests meanwhile may be twice as slow. */
const STOP_MS = 10_000;

suite(missing === null ? 'Volna as a process' : `Volna as a process (skipped: ${missing})`, () => {
  let directory: string;
  let volna: RunningVolna;
  let alice: Account;
  let artistId: string;
  let api: Api;
  const trackIds: string[] = [];

  beforeAll(async () => {
    directory = await realpath(await mkdtemp(join(tmpdir(), 'volna crash-')));
    volna = await startVolna(directory);
    alice = await signUp(`${volna.url}/graphql`);
    artistId = await openArtist(alice, 'Polar Tide');
  }, 120_000);

  afterAll(async () => {
    volna.child.kill('SIGKILL');
    await volna.ended;
    await until('all it had started has ended', async () => (await processesOf(directory)).length === 0);
    await rm(directory, { recursive: true, force: true });
  });

  /** Sends a file; gives the track that is made of it. */
  async function send(name: string, bytes: Uint8Array): Promise<string> {
    const sent = await sendBytes(alice.api, { filename: name, contentType: 'audio/flac' }, bytes);
    const { trackId } = await complete(alice.api, { ...sent, artistId });
    if (!trackId) throw new Error(`${name} became no track`);
    return trackId;
  }

  it('leaves no process behind when it is killed in the middle of four uploads', async () => {
    if (typeof ffmpeg === 'string') throw new Error(ffmpeg);
    const tune = { name: 'long', format: 'flac', seconds: 8 } as const;
    const bytes = await readFile(await makeTune(ffmpeg, directory, tune));
    for (const name of ['Ebb.flac', 'Flood.flac', 'Neap.flac', 'Spring.flac']) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      trackIds.push(await send(name, bytes));
    }
    await untilEncoding(directory);
    volna.child.kill('SIGKILL');
    await volna.ended;
    await until('all it had started has ended', async () => (await processesOf(directory)).length === 0);
    expect(existsSync(join(directory, 'endpoint'))).toBe(true);
  }, 120_000);

  it('brings every accepted upload to its listeners after the next start', async () => {
    volna = await startVolna(directory);
    api = openApi(`${volna.url}/graphql`, alice.accessToken);
    const ends = await Promise.all(trackIds.map((id) => outcome(api, id)));
    expect(ends.map((end) => [end?.status, end?.title])).toEqual([
      ['READY', 'Ebb'],
      ['READY', 'Flood'],
      ['READY', 'Neap'],
      ['READY', 'Spring'],
    ]);
    for (const id of trackIds) {
      // oxlint-disable no-await-in-loop -- four tracks
      const { track } = await api.ask(StreamDocument, { id });
      expect((await fetch(track?.stream?.hlsUrl ?? '')).status).toBe(200);
      expect(await readdir(join(directory, 'objects/objects/tracks', id))).toHaveLength(1);
      // oxlint-enable no-await-in-loop
    }
    const { search } = await api.ask(SearchDocument, { query: 'Spring' });
    expect(search.tracks.edges.map(({ node }) => node?.id)).toContain(trackIds[3]);
    // nothing of the work, nor of the one that was killed
    const scratch = (await readdir(join(directory, 'tmp'))).filter((name) => name.startsWith('volna-'));
    expect(scratch).toEqual([]);
  }, 180_000);

  it('says that a folder is in use', async () => {
    const second = runEntry('local/src/index.ts', ['--empty', '--data', directory, '--port', '0']);
    const { code, output } = await second.ended;
    expect([code, output]).toEqual([
      1,
      expect.stringContaining(`Volna already runs on ${directory} (pid ${volna.pid})`),
    ]);
    expect((await fetch(`${volna.url}/graphiql`)).ok).toBe(true);
  });

  it('ends with all it has started on Ctrl-C', async () => {
    process.kill(-volna.pid, 'SIGINT');
    expect(await endsWithin(volna, STOP_MS)).toMatchObject({ code: 0 });
    expect(await processesOf(directory)).toEqual([]);
    expect(existsSync(join(directory, 'endpoint'))).toBe(false);
  });

  it('ends on Ctrl-C while it is still starting, and starts again', async () => {
    const begun = runEntry('local/src/index.ts', ['--empty', '--data', directory, '--port', '0']);
    await until('the services are starting', async () => begun.output().includes('starting the services'));
    process.kill(-begun.pid, 'SIGINT');
    expect(await endsWithin(begun, STOP_MS)).not.toBeNull();
    await until('all it had started has ended', async () => (await processesOf(directory)).length === 0);
    volna = await startVolna(directory);
    const { track } = await openApi(`${volna.url}/graphql`).ask(StreamDocument, { id: trackIds[0] ?? '' });
    expect(track?.stream?.hlsUrl).toContain(volna.url);
  }, 120_000);
});
