import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  clipAnalyzed,
  encodeLandmarks,
  LANDMARK_FRAME_MS,
  LANDMARK_HASHES,
  type Landmarks,
  newId,
  trackDeleted,
  trackOpennessChanged,
  trackUpdated,
} from '@volna/events';
import { openScratch } from '@volna/platform/scratch';
import { anOpening } from '@volna/platform/testing/openness';
import { asCaller, aViewer, subscribeAs } from '@volna/platform/testing/subgraph-client';

import { aTrack, atAngle, openSearch, type OpenSearch } from '../testing/open-search.ts';
import { chance } from '../wave/chance.ts';
import { LandmarkIndex } from './landmark-index.ts';
import { reconcileLandmarks } from './store-landmarks.ts';

const BY_AUDIO = `mutation ($input: SearchByAudioInput!) { searchByAudio(input: $input) { search { id } } }`;
const AUDIO_SEARCH = `subscription ($id: ID!) {
  audioSearch(id: $id) { status matches { kind score offsetMs track { id } } }
}`;

/** Five landmarks a frame that have nothing to do with those of other recordings. */
function recording(seed: number, frames = 300): Landmarks {
  const at = (i: number) => Math.floor(chance(seed, i, 0) * (LANDMARK_HASHES - 1));
  return {
    hashes: Uint32Array.from({ length: frames * 5 }, (_, i) => at(i)),
    frames: Uint32Array.from({ length: frames * 5 }, (_, i) => Math.floor(i / 5)),
  };
}

/** Every third landmark of it from a frame on: the others drown in noise. */
function clipOf({ hashes, frames }: Landmarks, from: number, count: number): Landmarks {
  const heard = [...frames.keys()].filter((i) => frames[i]! >= from && i % 3 === 0).slice(0, count);
  return {
    hashes: Uint32Array.from(heard, (i) => hashes[i]!),
    frames: Uint32Array.from(heard, (i) => frames[i]! - from),
  };
}

describe('a clip with landmarks', () => {
  let search: OpenSearch;

  beforeEach(async () => {
    search = await openSearch();
  });

  afterEach(() => search[Symbol.asyncDispose]());

  async function describeRecording(seed: number, degrees: number, durationMs = 200_000) {
    const fingerprintKey = `tracks/${seed}/landmarks.bin`;
    await search.objects.put(fingerprintKey, encodeLandmarks(recording(seed)));
    const track = aTrack({ title: `Song ${seed}`, vector: atAngle(degrees), durationMs, fingerprintKey });
    await search.bus.publish(trackUpdated, track);
    await search.settle();
    return track;
  }

  async function matchesOf(clip: Landmarks, subgraph = search.subgraph) {
    const alice = aViewer();
    const uploadId = newId('Upload');
    const { data } = await asCaller(subgraph, alice)(BY_AUDIO, { input: { uploadId } });
    const { id: searchId } = data.searchByAudio.search;
    const fingerprintKey = `clips/${searchId}/landmarks.bin`;
    await search.objects.put(fingerprintKey, encodeLandmarks(clip));
    const embedding = { model: 'test-v1', vector: atAngle(0), segmentsKey: null };
    await search.bus.publish(clipAnalyzed, { searchId, uploadId, embedding, fingerprintKey, error: null });
    const updates = [];
    for await (const update of subscribeAs(subgraph, alice, AUDIO_SEARCH, { id: searchId }))
      updates.push(update.data.audioSearch);
    return updates.at(-1).matches as { kind: string; score: number; track: { id: string } }[];
  }

  const sameRecordings = async (clip: Landmarks) =>
    (await matchesOf(clip)).filter(({ kind }) => kind === 'SAME_RECORDING');

  it('is told which recording it is from and where, and what else sounds like it', async () => {
    const song = await describeRecording(1, 10);
    const other = await describeRecording(2, 20);
    expect(await matchesOf(clipOf(recording(1), 90, 40))).toEqual([
      {
        kind: 'SAME_RECORDING',
        score: expect.closeTo(1 - 2 ** -4, 5),
        offsetMs: 90 * LANDMARK_FRAME_MS,
        track: { id: song.trackId },
      },
      { kind: 'SOUNDS_LIKE', score: expect.any(Number), offsetMs: null, track: { id: other.trackId } },
    ]);
  });

  it('is neither a beep of less than a second, nor said to sound like what is far from it', async () => {
    await describeRecording(1, 10, 300);
    const near = await describeRecording(2, 64);
    // 0.41, as two unrelated tracks may be
    await describeRecording(3, 66);
    const matches = await matchesOf(clipOf(recording(1), 90, 40));
    expect(matches.map(({ kind, track }) => [kind, track.id])).toEqual([['SOUNDS_LIKE', near.trackId]]);
  });

  it('is no recording where fewer than ten landmarks agree', async () => {
    await describeRecording(1, 10);
    expect(await sameRecordings(clipOf(recording(1), 90, 9))).toEqual([]);
    expect(await sameRecordings(clipOf(recording(1), 90, 10))).toHaveLength(1);
  });

  it('is not told of a track that the listeners may not hear', async () => {
    const song = await describeRecording(1, 10);
    const closing = anOpening(song, { isOpen: false, reason: 'MODERATED' });
    await search.bus.publish(trackOpennessChanged, closing);
    await search.settle();
    expect(await matchesOf(clipOf(recording(1), 90, 40))).toEqual([]);
  });

  it('is not told of a track that is gone', async () => {
    const song = await describeRecording(1, 10);
    await search.bus.publish(trackDeleted, { trackId: song.trackId, ownerId: song.ownerId });
    await search.settle();
    expect(await matchesOf(clipOf(recording(1), 90, 40))).toEqual([]);
  });

  it('bears landmarks that are gone or broken', async () => {
    await search.objects.put('tracks/broken/landmarks.bin', Uint8Array.of(1, 2, 3));
    for (const fingerprintKey of ['tracks/gone/landmarks.bin', 'tracks/broken/landmarks.bin'])
      await search.bus.publish(trackUpdated, aTrack({ fingerprintKey }));
    const song = await describeRecording(1, 10);
    const [found] = await sameRecordings(clipOf(recording(1), 0, 40));
    expect(found?.track.id).toBe(song.trackId);
  });
});

describe('reconcileLandmarks', () => {
  it('brings an index that begins anew to what there is, and drops what there is no more', async () => {
    await using search = await openSearch();
    await using scratch = await openScratch();
    await using landmarks = await LandmarkIndex.open(scratch.path('.'));
    await landmarks.add('tracks/old/landmarks.bin', recording(9));
    const fingerprintKey = 'tracks/1/landmarks.bin';
    await search.objects.put(fingerprintKey, encodeLandmarks(recording(1)));
    await search.bus.publish(trackUpdated, aTrack({ fingerprintKey }));
    await search.bus.publish(trackUpdated, aTrack({ fingerprintKey: 'tracks/gone/landmarks.bin' }));
    await search.settle();
    await reconcileLandmarks({ ...search, landmarks });
    expect([...landmarks.keys()].toSorted()).toEqual([fingerprintKey, 'tracks/gone/landmarks.bin']);
    expect(await landmarks.find(clipOf(recording(1), 90, 40), 10)).toMatchObject([{ key: fingerprintKey }]);
    expect(await landmarks.find(clipOf(recording(9), 90, 40), 10)).toEqual([]);
  });
});
