import {
  analyzeOrdered,
  type DataOf,
  jobClaim,
  jobFailed,
  jobProgressed,
  type JobTry,
  renditionStored,
  trackAnalyzed,
  trackIndexed,
  type TrackId,
  trackTranscoded,
  transcodeOrdered,
} from '@volna/events';

import type { TestCatalog } from './open-catalog.ts';

/** Says what the workers and the index say, without doing their work; each step waits until it is heard. */
export function aWorker(catalog: TestCatalog) {
  const { bus, recorder } = catalog;
  const settle = () => catalog.settle();

  return {
    /** The newest order of a kind about a track. */
    transcodeOrder: (trackId: string) => last(recorder.of(transcodeOrdered, { trackId })),
    analyzeOrder: (trackId: string) => last(recorder.of(analyzeOrdered, { trackId })),
    claim: ({ jobId, attempt }: JobTry, worker = 'worker-1') =>
      bus.request(jobClaim, { jobId, attempt, worker }),

    async progress(
      { jobId, attempt }: JobTry,
      stage: DataOf<typeof jobProgressed>['stage'],
      progress: number,
    ) {
      await bus.publish(jobProgressed, { jobId, attempt, stage, progress });
      await settle();
    },
    async renditionStored({ jobId, attempt, outputPrefix }: DataOf<typeof transcodeOrdered>) {
      const { hlsPrefix, renditions, durationMs } = aTranscode(outputPrefix);
      await bus.publish(renditionStored, {
        jobId,
        attempt,
        hlsPrefix,
        renditions,
        durationMs,
        gapless: null,
      });
      await settle();
    },
    async transcoded(
      order: DataOf<typeof transcodeOrdered>,
      more: Partial<DataOf<typeof trackTranscoded>> = {},
    ) {
      const { objects } = catalog;
      const { jobId, attempt, outputPrefix } = order;
      await objects.put(`${outputPrefix}/pcm.f32`, new Uint8Array(16));
      await objects.put(`${outputPrefix}/hls/master.m3u8`, Buffer.from('#EXTM3U'));
      await bus.publish(trackTranscoded, { jobId, attempt, ...aTranscode(outputPrefix), ...more });
      await settle();
    },
    async analyzed({ jobId, attempt }: JobTry, more: Partial<DataOf<typeof trackAnalyzed>> = {}) {
      await bus.publish(trackAnalyzed, { jobId, attempt, ...AN_ANALYSIS, ...more });
      await settle();
    },
    async failed({ jobId, attempt }: JobTry, code: string, retryable: boolean) {
      await bus.publish(jobFailed, { jobId, attempt, code, message: `because of ${code}`, retryable });
      await settle();
    },
    async indexed(trackId: TrackId, vector: boolean) {
      await bus.publish(trackIndexed, { trackId, vector });
      await settle();
    },
  };
}

function last<T>(values: readonly T[]): T {
  const value = values.at(-1);
  if (value === undefined) throw new Error('nothing was ordered');
  return value;
}

const aTranscode = (prefix: string) => ({
  hlsPrefix: `${prefix}/hls`,
  renditions: [{ kbps: 160, codec: 'mp4a.40.2' }],
  durationMs: 61_500,
  codec: 'pcm_s16le',
  sampleRate: 8000,
  channels: 1,
  loudnessLufs: -14.2,
  loudnessRangeLu: 6.1,
  truePeakDbtp: -1.1,
  peaks: [0, 51, 102, 153, 204, 255, 10, 20],
  pcmKey: `${prefix}/pcm.f32`,
  cover: [{ size: 'SMALL' as const, key: `${prefix}/cover-64.webp`, width: 64, height: 64 }],
  tags: { title: 'Tag Title', genre: 'Synthwave', year: 2019, trackNumber: 7 },
});

const AN_ANALYSIS = {
  embedding: { model: 'volna-1', vector: [0.6, 0.8], segmentsKey: null },
  tempo: 128,
  tempoConfidence: 0.9,
  key: 'A minor',
  keyConfidence: 0.6,
  danceability: 0.8,
  onsetsPerSecond: 4.2,
  fingerprintKey: null,
  chromaKey: 'somewhere/chroma.bin',
  energy: 0.7,
  valence: 0.3,
  moods: ['dark', 'driving'],
  genres: [{ name: 'Electronic', confidence: 0.8 }],
  energyConfidence: 0.5,
  valenceConfidence: 0.3,
  moodConfidences: [{ name: 'dark', confidence: 0.4 }],
  speechShare: 0.25,
  authenticity: {
    model: 'spoof-0',
    status: 'LIKELY_HUMAN' as const,
    score: 0.1,
    knownEngines: ['an engine'],
    chunks: [{ index: 3, startSec: 12, endSec: 16, score: 0.1 }],
  },
  errors: [],
};
