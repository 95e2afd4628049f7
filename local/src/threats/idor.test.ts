import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';

import { ask, subscribe } from '../testing/attacker.ts';
import { makeTune } from '../testing/audio.ts';
import { byIdOperations } from '../testing/by-id-operations.ts';
import { type Account, openArtist, signUp } from '../testing/listener.ts';
import { openTestStack, type TestStack } from '../testing/test-stack.ts';
import { complete, outcome, sendBytes } from '../testing/uploads.ts';

const API = new URL('../../../gateway/src/generated/api.graphql', import.meta.url);
const FLAC = { filename: 'song.flac', contentType: 'audio/flac' };

/** Things of Alice's that nobody else may see. */
interface Hidden {
  readonly track: string;
  readonly upload: string;
  readonly playlist: string;
  readonly dataRequest: string;
  readonly wave: string;
  readonly audioSearch: string;
  readonly session: string;
  readonly apiKey: string;
  readonly roleRequest: string;
  readonly user: string;
  readonly job: string;
  readonly room: string;
}

/** What an id is of, by the field or the argument that takes it. Albums and artist pages are public. */
const KINDS: Readonly<Record<string, keyof Hidden>> = {
  track: 'track',
  playlist: 'playlist',
  upload: 'upload',
  dataRequest: 'dataRequest',
  dataRequestProgress: 'dataRequest',
  audioSearch: 'audioSearch',
  replayDeadLetter: 'job',
  trackId: 'track',
  seed: 'track',
  playlistId: 'playlist',
  uploadId: 'upload',
  waveId: 'wave',
  jobId: 'job',
  keyId: 'apiKey',
  sessionId: 'session',
  requestId: 'roleRequest',
  userId: 'user',
  room: 'room',
  roomId: 'room',
  leaveRoom: 'room',
};
const OPERATIONS = [
  ...byIdOperations(buildSchema(readFileSync(API, 'utf8')), KINDS),
  {
    field: 'node',
    kind: 'playlist',
    text: 'query ($id: ID!) { node(id: $id) { ... on Playlist { title owner { id } } } }',
  },
];

const plain = (seen: unknown) =>
  JSON.stringify(seen)
    .replaceAll(/\b[a-z]{3}_[0-9a-z]+/g, 'ID')
    .replaceAll(/"(?:requestId|reference)":"[^"]*"/g, '')
    .replaceAll(/"cost":\{[^}]*\}/g, '');

/** An id of the same form that is nobody's. */
const nobodys = (id: string) => id.replace(/.{8}$/, '00000000');

describe('threat: IDOR/private media', () => {
  let volna: TestStack;
  let alice: Account;
  let bob: Account;
  let alicesArtist: string;
  let hidden: Hidden;

  beforeAll(async () => {
    volna = await openTestStack();
    alice = await signUp(volna.endpoint);
    bob = await signUp(volna.endpoint);
    alicesArtist = await openArtist(alice, 'Alice');
    hidden = await makeHidden();
  }, 120_000);

  afterAll(async () => {
    await volna[Symbol.asyncDispose]();
  });

  async function makeHidden(): Promise<Hidden> {
    const flac = await readFile(
      await makeTune(volna.backends.ffmpeg, volna.directory, { name: 'good', format: 'flac', seconds: 3 }),
    );
    const own = async (query: string, variables: object = {}) =>
      (await ask(volna.endpoint, query, variables, alice.accessToken)).data;
    // cut short: it fails, and a track that has failed is its owner's only
    const half = await sendBytes(alice.api, FLAC, flac.subarray(0, flac.length / 2));
    const { trackId } = await complete(alice.api, { ...half, artistId: alicesArtist });
    expect(await outcome(alice.api, trackId ?? '')).toMatchObject({ status: 'FAILED' });
    const { uploadId } = await sendBytes(alice.api, FLAC, flac);
    const clip = await sendBytes(alice.api, FLAC, flac);
    const { me } = await own('{ me { id sessions { id } } }');
    const made = await own(
      `mutation ($clip: ID!, $password: String!) {
        createPlaylist(input: { title: "Secret" }) { playlist { id } }
        startWave(input: {}) { wave { id } }
        searchByAudio(input: { uploadId: $clip }) { search { id } }
        createApiKey(input: { name: "script", scopes: ["read"] }) { apiKey { id } }
        requestRole(input: { role: ADMIN }) { roleRequest { id } }
        openRoom(name: "Friday") { room { id } }
        requestDataExport(input: { password: $password }) { dataRequest { id } }
      }`,
      { clip: clip.uploadId, password: alice.password },
    );
    return {
      track: trackId ?? '',
      upload: uploadId,
      playlist: made.createPlaylist.playlist.id,
      dataRequest: made.requestDataExport.dataRequest.id,
      wave: made.startWave.wave.id,
      audioSearch: made.searchByAudio.search.id,
      session: me.sessions[0].id,
      apiKey: made.createApiKey.apiKey.id,
      roleRequest: made.requestRole.roleRequest.id,
      user: me.id,
      job: 'job_none',
      room: made.openRoom.room.id,
    };
  }

  /** What somebody is told, without the ids and times that each answer has of its own. */
  async function told(operation: string, id: string, token: string | undefined): Promise<string> {
    if (operation.startsWith('subscription')) {
      return plain(await subscribe(volna.endpoint, operation, { id }, token));
    }
    const { status, data, errors } = await ask(volna.endpoint, operation, { id }, token);
    return plain({ status, data, errors });
  }

  it.each(OPERATIONS)('$field tells nobody else whether there is such a $kind', async ({ kind, text }) => {
    const id = hidden[kind as keyof Hidden];
    for (const token of [bob.accessToken, undefined]) {
      expect(await told(text, id, token)).toBe(await told(text, nobodys(id), token));
    }
  });

  it('all the while its owner sees what is there', async () => {
    const seen = [
      'track',
      'node',
      'playlist',
      'upload',
      'dataRequest',
      'myWave',
      'audioSearch',
      'room',
      'trackProcessing',
    ];
    // a wave begins from what everybody may hear: its owner is told no more than others
    const telling = OPERATIONS.filter(
      ({ field, text }) => seen.includes(field) && !text.includes('seed: $id'),
    );
    for (const { field, kind, text } of telling) {
      const id = hidden[kind as keyof Hidden];
      const own = await told(text, id, alice.accessToken);
      expect([field, own]).not.toEqual([field, await told(text, nobodys(id), alice.accessToken)]);
    }
    expect(OPERATIONS.map(({ field }) => field)).toEqual(expect.arrayContaining(seen));
  });

  it('nobody writes on the pages of others', async () => {
    const { data } = await ask(
      volna.endpoint,
      'mutation ($a: ID!) { createAlbum(input: { artistId: $a, title: "Mine" }) { album { id } errors { code } } }',
      { a: alicesArtist },
      alice.accessToken,
    );
    const albumId = data.createAlbum.album.id;
    const foreign = await ask(
      volna.endpoint,
      `mutation ($a: ID!, $b: ID!) {
        createAlbum(input: { artistId: $a, title: "Foreign" }) { album { id } errors { code } }
        addTracksToAlbum(input: { albumId: $b, trackIds: ["none"] }) { album { id } errors { code } }
      }`,
      { a: alicesArtist, b: albumId },
      bob.accessToken,
    );
    for (const field of ['createAlbum', 'addTracksToAlbum']) {
      expect(foreign.data[field].album).toBeNull();
      expect(foreign.data[field].errors[0].code).toMatch(/FORBIDDEN|NOT_FOUND/);
    }
  });
});
