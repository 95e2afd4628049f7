import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AddToPlaylistDocument,
  CreatePlaylistDocument,
  LoginDocument,
  PlaylistDocument,
  ReportPlaybackDocument,
  SearchDocument,
  SimilarDocument,
  StartWaveDocument,
  TrackDocument,
} from '@volna/gateway/client';
import { binaryForTests } from '@volna/platform/testing/servers';

import { SERVICES, type ServiceName } from '../backends/options.ts';
import { type Api, openApi } from '../client/api.ts';
import { verifyArchive } from '../restore/read-archive.ts';
import { makeTune } from '../testing/audio.ts';
import { COUNTED, countRows } from '../testing/count-rows.ts';
import { flip, replaceIn } from '../testing/damage.ts';
import { type Account, openArtist, signUp } from '../testing/listener.ts';
import { playSeconds } from '../testing/play-segment.ts';
import { until } from '../testing/until.ts';
import { complete, outcome, sendBytes, type Sent, submitBytes } from '../testing/uploads.ts';
import { processesOf, runEntry, type RunningVolna, startVolna } from '../testing/volna-process.ts';
import type { Manifest } from './manifest.ts';

const ffmpeg = await binaryForTests('ffmpeg');
const missing = typeof ffmpeg === 'string' ? ffmpeg : existsSync('/proc/self') ? null : 'no /proc here';
const suite = missing === null ? describe : describe.skip;
const SECONDS = 4;
/** Between uploads while the backup runs: each keeps the processor busy for seconds. */
const APART_MS = 1_000;
const FLAC = { contentType: 'audio/flac' };

suite(missing === null ? 'backup and restore' : `backup and restore (skipped: ${missing})`, () => {
  let root: string;
  let data: string;
  let archive: string;
  let volna: RunningVolna;
  let alice: Account;
  let bob: Account;
  let playlistId: string;
  let manifest: Manifest;
  let tune: Buffer;
  const ready: string[] = [];
  /** Completed before the backup, and still in work when it began. */
  const inWork: string[] = [];
  /** Completed while it ran. */
  const during: string[] = [];
  let unended: { uploadId: string; parts: readonly Sent[] };
  let artistId: string;

  const backUp = (...args: string[]) =>
    runEntry('local/src/backup/index.ts', ['--data', data, '--to', archive, ...args]).ended;
  const restore = (file: string, ...args: string[]) =>
    runEntry('local/src/restore/index.ts', [file, '--data', data, ...args]).ended;

  async function destroy(): Promise<void> {
    volna.child.kill('SIGKILL');
    await volna.ended;
    await until('all it had started has ended', async () => (await processesOf(data)).length === 0);
    await rm(data, { recursive: true });
  }

  async function submit(name: string): Promise<string> {
    const sent = await sendBytes(alice.api, { filename: `${name}.flac`, ...FLAC }, tune);
    const { trackId, codes } = await complete(alice.api, { ...sent, artistId });
    if (!trackId) throw new Error(codes.join());
    return trackId;
  }

  beforeAll(async () => {
    if (typeof ffmpeg === 'string') return;
    root = await realpath(await mkdtemp(join(tmpdir(), 'volna-backup-')));
    data = join(root, 'data');
    archive = join(root, 'all.tar');
    await mkdir(data, { mode: 0o711 });
    volna = await startVolna(data);
    alice = await signUp(`${volna.url}/graphql`);
    bob = await signUp(`${volna.url}/graphql`);
    artistId = await openArtist(alice, 'Northern Quay');
    for (const [name, root_] of [
      ['Anchor', 220],
      ['Beacon', 330],
      ['Capstan', 247],
    ] as const) {
      const file = await makeTune(ffmpeg, root, { name, format: 'flac', seconds: SECONDS, root: root_ });
      tune = await readFile(file);
      const { trackId } = await submitBytes(alice.api, artistId, { filename: `${name}.flac`, ...FLAC }, tune);
      if (trackId) ready.push(trackId);
    }
    const input = { title: 'Harbour', visibility: 'PUBLIC' as const };
    const { createPlaylist } = await alice.api.ask(CreatePlaylistDocument, { input });
    playlistId = createPlaylist.playlist?.id ?? '';
    await alice.api.ask(AddToPlaylistDocument, { input: { playlistId, trackIds: ready } });
    for (const [at, trackId] of ready.entries()) {
      const report = { trackId, event: 'FINISHED' as const, positionMs: SECONDS * 1000 };
      const more = {
        clientEventId: `play-${at}`,
        source: 'SEARCH' as const,
        occurredAt: new Date().toISOString(),
      };
      await bob.api.ask(ReportPlaybackDocument, { input: { ...report, ...more } });
    }
  }, 240_000);

  afterAll(async () => {
    volna?.child.kill('SIGKILL');
    await volna?.ended;
    await until('all it had started has ended', async () => (await processesOf(root)).length === 0);
    await rm(root, { recursive: true, force: true });
  });

  it('copies everything while uploads are running, to a file that only its owner may read', async () => {
    unended = await sendBytes(alice.api, { filename: 'Never ended.flac', ...FLAC }, tune);
    for (const name of ['Davit', 'Ebb', 'Fender']) inWork.push(await submit(name));
    const copying = backUp();
    const copy = { isOver: false };
    void copying.then(() => (copy.isOver = true));
    while (!copy.isOver) {
      during.push(await submit(`Gale ${during.length}`));
      await Promise.race([copying, pause(APART_MS)]);
    }
    expect(await copying).toMatchObject({ code: 0, output: expect.stringContaining('keep it secret') });
    expect((await stat(archive)).mode & 0o777).toBe(0o600);
    expect(existsSync(`${archive}.part`)).toBe(false);
    manifest = await verifyArchive(archive);
    expect(Object.keys(manifest.databases)).toEqual([...SERVICES]);
    expect(manifest.objects.count).toBeGreaterThan(ready.length);
  }, 120_000);

  it('refuses what is damaged, cut, of another release or no backup, and what would be mixed', async () => {
    const before = await stat(join(data, 'secrets.json'));
    const broken = join(root, 'broken.tar');
    const size = (await stat(archive)).size;
    await copyFile(archive, broken);
    await flip(broken, Math.floor(size / 2));
    expect(await restore(broken, '--replace')).toMatchObject({
      code: 1,
      output: expect.stringMatching(/damaged/),
    });
    await copyFile(archive, broken);
    await truncate(broken, Math.floor(size * 0.7));
    expect(await restore(broken, '--replace')).toMatchObject({
      code: 1,
      output: expect.stringMatching(/cut/),
    });
    await copyFile(archive, broken);
    await replaceIn(broken, '"format":1', '"format":9');
    expect(await restore(broken)).toMatchObject({
      code: 1,
      output: expect.stringContaining('newer release'),
    });
    expect(await restore(join(import.meta.dirname, 'index.ts'))).toMatchObject({ code: 1 });
    // it is in use
    expect(await restore(archive, '--replace')).toMatchObject({
      code: 1,
      output: expect.stringContaining('already runs'),
    });
    expect((await stat(join(data, 'secrets.json'))).mtimeMs).toBe(before.mtimeMs);
    expect(existsSync(join(data, 'restoring'))).toBe(false);
    expect((await fetch(`${volna.url}/graphiql`)).ok).toBe(true);
  }, 120_000);

  it('puts everything back after all of it was destroyed', async () => {
    await destroy();
    expect(await restore(archive)).toMatchObject({ code: 0 });
    expect(await restore(archive)).toMatchObject({ code: 1, output: expect.stringContaining('--replace') });
    volna = await startVolna(data);
    const counts = await countRows(data);
    for (const [service, tables] of Object.entries(COUNTED)) {
      const wanted = manifest.databases[service]?.rows ?? {};
      const found = counts[service as ServiceName] ?? {};
      for (const table of tables)
        expect([service, table, found[table]]).toEqual([service, table, wanted[table]]);
    }
  }, 180_000);

  it('lets everybody sign in, and everything of the point be played, found and compared', async () => {
    if (typeof ffmpeg === 'string') return;
    const api = await signIn(volna, alice);
    await signIn(volna, bob);
    for (const id of ready) {
      const { track } = await api.ask(TrackDocument, { id });
      expect(track).toMatchObject({ status: 'READY', artist: { name: 'Northern Quay' } });
      expect(await playSeconds(ffmpeg, api, id)).toBeCloseTo(SECONDS, 0);
      const { search } = await api.ask(SearchDocument, { query: track?.title ?? '' });
      expect(search.tracks.edges.map(({ node }) => node?.id)).toContain(id);
      await until('it is compared', async () => {
        const { track: compared } = await api.ask(SimilarDocument, { id });
        const others = compared?.similar.edges.map(({ node }) => node?.id) ?? [];
        return ready.every((other) => other === id || others.includes(other));
      });
    }
    const { playlist } = await api.ask(PlaylistDocument, { id: playlistId });
    expect(playlist).toMatchObject({ title: 'Harbour', trackCount: ready.length });
    const { startWave } = await (await signIn(volna, bob)).ask(StartWaveDocument, { input: {} });
    expect(startWave.wave?.items.length).toBeGreaterThan(0);
  }, 180_000);

  it('brings what was in work to its end', async () => {
    if (typeof ffmpeg === 'string') return;
    const api = await signIn(volna, alice);
    for (const id of inWork) {
      expect(await outcome(api, id)).toMatchObject({ status: 'READY', code: null });
      const { track } = await api.ask(TrackDocument, { id });
      expect(track?.audio?.embeddingModel).toMatch(/\w/);
      expect(await playSeconds(ffmpeg, api, id)).toBeCloseTo(SECONDS, 0);
    }
    const ends = await Promise.all(
      during.map(async (id) => {
        const { track } = await api.ask(TrackDocument, { id });
        return track ? (await outcome(api, id))?.status : 'NEVER KNOWN';
      }),
    );
    expect(['READY', 'NEVER KNOWN']).toEqual(expect.arrayContaining(ends));
    // parts that were sent and never joined are no object yet
    const { trackId, codes } = await complete(api, { ...unended, artistId });
    expect([trackId, codes]).toEqual([null, ['UPLOAD_EXPIRED']]);
    const other = await submitBytes(api, artistId, { filename: 'After.flac', ...FLAC }, tune);
    expect(other.status).toBe('READY');
  }, 240_000);

  it('replaces what is there when it is told to, of a Volna that does not run', async () => {
    process.kill(-volna.pid, 'SIGINT');
    await volna.ended;
    const made = await runEntry('local/src/backup/index.ts', ['--data', data]).ended;
    const folder = join(dirname(data), 'backups');
    const [name = ''] = await readdir(folder);
    expect(made).toEqual({ code: 0, output: expect.stringContaining(join(folder, name)) });
    const second = join(folder, name);
    expect(await restore(second, '--replace')).toMatchObject({ code: 0 });
    volna = await startVolna(data);
    const { search } = await (await signIn(volna, alice)).ask(SearchDocument, { query: 'After' });
    expect(search.tracks.edges[0]?.node?.title).toBe('After');
  }, 180_000);
});

async function signIn(volna: RunningVolna, { username, password }: Account): Promise<Api> {
  const endpoint = `${volna.url}/graphql`;
  const { login } = await openApi(endpoint).ask(LoginDocument, { input: { login: username, password } });
  expect(login.errors).toEqual([]);
  return openApi(endpoint, login.session?.accessToken ?? '');
}
