import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  clipAnalyzed,
  encodeChroma,
  newId,
  trackDeleted,
  trackOpennessChanged,
  trackUpdated,
} from '@volna/events';
import { anOpening } from '@volna/platform/testing/openness';
import { asCaller, aViewer, subscribeAs } from '@volna/platform/testing/subgraph-client';

import { aTrack, atAngle, openSearch, type OpenSearch } from '../testing/open-search.ts';
import { WORK_COLLECTION } from '../vector-names.ts';
import { chance } from '../wave/chance.ts';
import { align } from './align.ts';
import { toMoments } from './moments.ts';

const BY_AUDIO = `mutation ($input: SearchByAudioInput!) { searchByAudio(input: $input) { search { id } } }`;
const AUDIO_SEARCH = `subscription ($id: ID!) { audioSearch(id: $id) { matches { kind score offsetMs track { id } } } }`;

/** Chords of three notes that change each second or so, as no other work has them. */
function work(seed: number, moments = 130): Uint8Array {
  const chroma = new Uint8Array(moments * 12);
  for (let moment = 0; moment < moments; moment++) {
    const chord = Math.floor(moment / 4);
    for (let voice = 0; voice < 3; voice++)
      chroma[moment * 12 + Math.floor(chance(seed, chord, voice) * 12)] = 255 - 60 * voice;
  }
  return chroma;
}

/** So many moments of it from one on, higher and faster, with something else in it. */
function cover(
  chroma: Uint8Array,
  from: number,
  count: number,
  semitones: number,
  speed: number,
): Uint8Array {
  return Uint8Array.from({ length: count * 12 }, (_, i) => {
    const moment = from + Math.floor(Math.floor(i / 12) * speed);
    const own = chroma[moment * 12 + ((i + 12 - semitones) % 12)]!;
    return Math.min(255, own + Math.floor(60 * chance(99, i, 0)));
  });
}

describe('align', () => {
  it('finds where a track is played in another key and tempo', () => {
    const track = work(1);
    const found = align(toMoments(cover(track, 50, 60, 3, 1.15), 1), toMoments(track, 1));
    expect(found.semitones).toBe(3);
    expect(found.score).toBeGreaterThan(0.75);
    expect(Math.abs(found.end - (50 + 60 * 1.15))).toBeLessThan(5);
  });

  it('finds nothing in silence', () => {
    const silence = toMoments(new Uint8Array(100 * 12), 1);
    expect(align(silence, silence).score).toBe(0);
  });
});

describe('a clip with pitch classes', () => {
  let search: OpenSearch;

  beforeEach(async () => {
    search = await openSearch();
  });

  afterEach(() => search[Symbol.asyncDispose]());

  async function describeWork(seed: number) {
    const chromaKey = `tracks/${seed}/chroma.bin`;
    await search.objects.put(chromaKey, encodeChroma(work(seed)));
    const track = aTrack({ title: `Song ${seed}`, vector: null, chromaKey });
    await search.bus.publish(trackUpdated, track);
    await search.settle();
    return track;
  }

  async function worksLike(clip: Uint8Array) {
    const alice = aViewer();
    const uploadId = newId('Upload');
    const { data } = await asCaller(search.subgraph, alice)(BY_AUDIO, { input: { uploadId } });
    const { id: searchId } = data.searchByAudio.search;
    const chromaKey = `clips/${searchId}/chroma.bin`;
    await search.objects.put(chromaKey, encodeChroma(clip));
    const embedding = { model: 'test-v1', vector: atAngle(0), segmentsKey: null };
    await search.bus.publish(clipAnalyzed, { searchId, uploadId, embedding, chromaKey, error: null });
    const updates = [];
    for await (const update of subscribeAs(search.subgraph, alice, AUDIO_SEARCH, { id: searchId }))
      updates.push(update.data.audioSearch);
    return (updates.at(-1).matches as { kind: string; offsetMs: null; track: { id: string } }[]).filter(
      ({ kind }) => kind === 'SAME_WORK',
    );
  }

  async function describeWorks(many: number) {
    const tracks = [];
    for (let seed = 1; seed <= many; seed++) tracks.push(await describeWork(seed));
    return tracks;
  }

  it('is told which work it is, in another key and tempo, and nothing where it is none of them', async () => {
    const tracks = await describeWorks(10);
    const found = await worksLike(cover(work(3), 40, 60, 5, 1.1));
    expect(found).toEqual([
      { kind: 'SAME_WORK', score: expect.any(Number), offsetMs: null, track: { id: tracks[2]!.trackId } },
    ]);
    expect(await worksLike(work(77, 60))).toEqual([]);
    expect(await worksLike(cover(work(3), 40, 40, 5, 1.1))).toEqual([]);
    expect(await worksLike(new Uint8Array(80 * 12))).toEqual([]);
  });

  it('is told nothing where too few works are known to tell one from another', async () => {
    await describeWorks(3);
    expect(await worksLike(cover(work(3), 40, 60, 5, 1.1))).toEqual([]);
  });

  it('is not told of a track that is closed or gone', async () => {
    const tracks = await describeWorks(10);
    const [closed, gone] = [tracks[2]!, tracks[4]!];
    await search.bus.publish(trackOpennessChanged, anOpening(closed, { isOpen: false, reason: 'MODERATED' }));
    await search.bus.publish(trackDeleted, { trackId: gone.trackId, ownerId: gone.ownerId });
    await search.settle();
    expect(await worksLike(cover(work(3), 40, 60, 5, 1.1))).toEqual([]);
    expect(await worksLike(cover(work(5), 40, 60, 5, 1.1))).toEqual([]);
    const left = await search.vectors.query(
      WORK_COLLECTION,
      Array.from({ length: 91 }, () => 1),
      1000,
    );
    expect(left.some(({ payload }) => payload.trackId === gone.trackId)).toBe(false);
  });
});
