import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { openEmbedding } from '@volna/analyze/embedding';
import { CLIP_PEAKS, findLandmarks, TRACK_PEAKS } from '@volna/analyze/landmarks';
import { createMelStream } from '@volna/analyze/mel';
import { type Model, openModel } from '@volna/analyze/model';
import { decodeLandmarks, decodeSegments, encodeLandmarks, type Landmarks } from '@volna/events';

import { cacheFolder } from './pieces.ts';

const RATE = 16_000;
const BLOCK = 5 * RATE;

/** A sound as the analysis hears it. */
export interface Heard {
  readonly landmarks: Landmarks;
  /** Unit vectors one second apart, one after the other; zeros where there is silence. */
  readonly segments: Float32Array;
  /** Of the whole; zeros where there is nothing to hear. */
  readonly vector: Float32Array;
}

export interface Ears extends AsyncDisposable {
  /** Of a segment. */
  readonly dimension: number;
  hearClip(samples: Float32Array): Promise<Heard>;
  /** What is heard is kept under a name, for the next run. */
  hearSong(name: string, read: () => Promise<Float32Array>): Promise<Heard>;
}

/** The worker's own parts for landmarks and vectors, with the project's own model. */
export async function openEars(): Promise<Ears> {
  await using opened = new AsyncDisposableStack();
  const models = fileURLToPath(new URL('../../../models/', import.meta.url));
  const model = opened.use(await openModel(join(models, 'music-embedding'), 1));
  const scratch = await mkdtemp(join(tmpdir(), 'volna-evaluate-'));
  opened.defer(() => rm(scratch, { recursive: true }));
  const kept = opened.move();
  const dimension = model.output('segment').dim;
  const embedInto = async (samples: Float32Array, file: string) => {
    const vector = await embed(model, samples, file);
    return { segments: decodeSegments(await readFile(file), dimension).values, vector };
  };
  return {
    dimension,
    async hearClip(samples) {
      const landmarks = await landmarksOf(samples, CLIP_PEAKS);
      return { landmarks, ...(await embedInto(samples, join(scratch, 'clip'))) };
    },
    async hearSong(name, read) {
      // vectors of one model are none of another's
      const [marks, rows] = [join('landmarks', name), join(model.id, name)].map((path) =>
        join(cacheFolder(), 'heard', path),
      ) as [string, string];
      let samples: Float32Array | undefined;
      if (!(await exists(marks))) {
        samples = await read();
        await keep(marks, encodeLandmarks(await landmarksOf(samples, TRACK_PEAKS)));
      }
      if (!(await exists(`${rows}.vector`))) {
        samples ??= await read();
        const { segments, vector } = await embedInto(samples, join(scratch, 'song'));
        await keep(rows, new Uint8Array(segments.buffer));
        await keep(`${rows}.vector`, new Uint8Array(vector.buffer));
      }
      const [segments, vector] = [await readFloats(rows), await readFloats(`${rows}.vector`)];
      return { landmarks: decodeLandmarks(await readFile(marks)), segments, vector };
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function landmarksOf(samples: Float32Array, peaks: number): Promise<Landmarks> {
  return await findLandmarks(
    async (from, count) => samples.subarray(from, from + count),
    samples.length,
    peaks,
  );
}

async function embed(model: Model, samples: Float32Array, file: string): Promise<Float32Array> {
  const part = openEmbedding(model, file, samples.length / RATE);
  const toFrames = createMelStream(part.settings);
  for (let from = 0; from < samples.length; from += BLOCK)
    // oxlint-disable-next-line no-await-in-loop -- one block after the other
    await part.hear(toFrames(samples.subarray(from, from + BLOCK)));
  const found = await part.conclude().catch(() => null);
  return Float32Array.from(found?.vector ?? []);
}

async function keep(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.part`, bytes);
  await rename(`${path}.part`, path);
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

async function readFloats(path: string): Promise<Float32Array> {
  return new Float32Array(new Uint8Array(await readFile(path)).buffer);
}
