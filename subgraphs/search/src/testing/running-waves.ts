import { type DataOf, reactionSet, trackUpdated } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { asCaller, aViewer } from '@volna/platform/testing/subgraph-client';

import { aTrack, openSearch, type OpenSearch } from './open-search.ts';

const ITEM = `seq batchId score exploratory track { id } album { id }
  item { __typename ... on Track { id } ... on Album { id } }
  transition { gainDb tempo key crossfadeMs }
  reason { __typename text ... on BecauseLiked { sharedTraits } }`;
const DECISION = `{ reason { text } terms { name value } passed relaxed anchor { id } anchorWeight sharedTraits }`;
export const PREVIEW = `query ($input: StartWaveInput, $first: Int, $randomSeed: Int) {
  myWave(input: $input, first: $first, randomSeed: $randomSeed) { randomSeed items { ${ITEM} decision ${DECISION} } } }`;
export const START = `mutation ($input: StartWaveInput!) {
  startWave(input: $input) { wave { id items { ${ITEM} } } errors { code path } } }`;
export const TUNE = `mutation ($waveId: ID!, $input: TuneWaveInput!) {
  tuneWave(waveId: $waveId, input: $input) { wave { items { ${ITEM} } } errors { code path } } }`;
export const SHAKE = `mutation ($waveId: ID!) {
  shakeWave(waveId: $waveId) { wave { items { ${ITEM} } } errors { code path } } }`;
const FEEDBACK = `mutation ($input: WaveFeedbackInput!) { waveFeedback(input: $input) { ok errors { code path } } }`;
export const WHY = `query ($waveId: ID!, $seq: Int!) { whyRecommended(waveId: $waveId, seq: $seq) ${DECISION} }`;
export const MY_WAVE = `subscription ($waveId: ID!, $sinceSeq: Int) {
  myWave(waveId: $waveId, sinceSeq: $sinceSeq) {
    __typename
    ... on WaveItems { items { seq track { id } } }
    ... on WaveRetuned { why removedSeqs }
  }
}`;
export const OPTIONS = `{ waveOptions {
  moods { value name } activities { value } languages { value name } seeds { value } feedback { value }
  exploration { min max default }
} }`;

export interface Item {
  readonly seq: number;
  readonly batchId: string;
  readonly score: number;
  readonly track: { readonly id: string };
  readonly album: { readonly id: string } | null;
}
type Track = DataOf<typeof trackUpdated>;

/** A service with two styles, of which one is loud, and what a test says to it. */
export class RunningWaves implements AsyncDisposable {
  readonly search: OpenSearch;
  readonly library: readonly Track[];

  private constructor(search: OpenSearch, library: readonly Track[]) {
    this.search = search;
    this.library = library;
  }

  static async open(): Promise<RunningWaves> {
    const search = await openSearch();
    // two styles: quiet ones in English, loud ones in Russian; some explicit, some taken for synthetic
    const library = Array.from({ length: 36 }, (_, n) => {
      const loud = n % 2 === 1;
      const vector = [loud ? 0.2 : 1, loud ? 1 : 0.2, 0.12 * (n % 5), 0.1 * (n % 7)];
      return aTrack({
        title: `Track ${n}`,
        vector,
        genres: [loud ? 'punk' : 'ambient'],
        language: n % 9 === 0 ? null : loud ? 'ru' : 'en',
        explicit: n % 6 === 1,
        isAiSuspected: n % 10 === 4,
        features: {
          tempo: loud ? 150 : 75,
          key: loud ? 'E minor' : 'C major',
          energy: loud ? 0.9 : 0.15,
          valence: 0.6,
          loudnessLufs: loud ? -8 : -14,
        },
      });
    });
    for (const track of library) await search.bus.publish(trackUpdated, track);
    await search.settle();
    return new RunningWaves(search, library);
  }

  of(trackId: string): Track {
    return this.library.find((track) => track.trackId === trackId)!;
  }

  /** Somebody who likes these. */
  async aFan(...liked: number[]): Promise<Viewer> {
    const viewer = aViewer();
    for (const n of liked) {
      const { trackId } = this.library[n]!;
      const at = new Date().toISOString();
      await this.search.bus.publish(reactionSet, { userId: viewer.userId, trackId, reaction: 'LIKE', at });
    }
    await this.search.settle();
    return viewer;
  }

  async ask(viewer: Viewer, document: string, variables: object = {}) {
    const { data, errors } = await asCaller(this.search.subgraph, viewer)(document, variables as never);
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }

  async start(viewer: Viewer, input: object = {}): Promise<{ id: string; items: Item[] }> {
    return (await this.ask(viewer, START, { input })).startWave.wave;
  }

  async feed(viewer: Viewer, waveId: string, seq: number, type: string, more: object = {}) {
    const input = { waveId, seq, type, clientEventId: `${type} ${seq} ${Math.random()}`, ...more };
    return (await this.ask(viewer, FEEDBACK, { input })).waveFeedback;
  }

  queue(waveId: string) {
    const where = { waveId, state: 'QUEUED' };
    return this.search.db.waveItem.findMany({ where, orderBy: { seq: 'asc' } });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.search[Symbol.asyncDispose]();
  }
}
