import type { DataOf, decodeOrdered, JobTry, trackDecoded } from '@volna/events';
import type { JobContext } from '@volna/platform/job-worker';
import { openScratch } from '@volna/platform/scratch';

import { encodePcm } from './encode.ts';
import { discard, fetchOriginal } from './fetch-original.ts';
import { inspect, orRefuse } from './inspect.ts';
import { storeFile } from './store-files.ts';
import type { Deps } from './transcode.ts';

type Order = DataOf<typeof decodeOrdered>;
type Result = Omit<DataOf<typeof trackDecoded>, keyof JobTry>;

/** The PCM of an original, as its transcoding made it, and nothing else; a try that fails leaves no objects behind. */
export async function decodeAgain(
  deps: Omit<Deps, 'tags' | 'tellFirst'>,
  { originalKey, outputPrefix, maxSeconds }: Order,
  { signal, report }: JobContext,
): Promise<Result> {
  const { objects } = deps;
  await using scratch = await openScratch();
  const [original, pcm] = [scratch.path('original'), scratch.path('pcm.f32')];
  const pcmKey = `${outputPrefix}/pcm.f32`;
  try {
    report('PROBING', 0);
    await fetchOriginal(objects, originalKey, original);
    const { seconds } = await inspect(deps, original, maxSeconds, signal);
    const onSeconds = (done: number) => report('TRANSCODING', Math.min(1, done / seconds));
    const timeoutMs = 60_000 + Math.ceil(seconds) * 2_000;
    await orRefuse(
      'UNDECODABLE',
      encodePcm(deps, original, { pcm, maxSeconds }, { signal, timeoutMs, onSeconds }),
    );
    await storeFile(objects, pcm, pcmKey);
    return { pcmKey };
  } catch (err) {
    await discard(objects, outputPrefix);
    throw err;
  }
}
