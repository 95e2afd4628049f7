import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { analyze } from '@volna/analyze/analyze';
import { openHearingThreads } from '@volna/analyze/hearing-threads';
import { newId } from '@volna/events';
import { openTagReader } from '@volna/platform/audio-tags/tag-reader';
import type { Binary } from '@volna/platform/binaries';
import { DirectoryObjects } from '@volna/platform/objects-directory';
import { openScratch } from '@volna/platform/scratch';
import { transcode } from '@volna/transcode/transcode';

// One file through both workers' work, in a process of its own. Arguments: the file, the tools as JSON.
// Says the highest memory that it ever had, in bytes; the programs that it ran are not in that.

const [file = '', tools = '{}'] = process.argv.slice(2);
const context = { signal: new AbortController().signal, report: () => {} };
const job = { jobId: newId('Job'), attempt: 1, trackId: newId('Track') };
const models = fileURLToPath(new URL('../../../models/', import.meta.url));

{
  await using scratch = await openScratch();
  const directory = scratch.path('objects');
  const objects = await DirectoryObjects.open({ directory, signingKey: 'a key of a benchmark' });
  await objects.putFile('original', file);
  await using tags = openTagReader();
  const transcoded = await transcode(
    { objects, tags, ...(JSON.parse(tools) as { ffmpeg: Binary; ffprobe: Binary }) },
    { ...job, originalKey: 'original', outputPrefix: 'track', maxSeconds: 14_400 },
    context,
  );
  await using threads = openHearingThreads({
    models: { embedding: `${models}music-embedding`, authenticity: `${models}authenticity` },
    threads: 1,
  });
  const analyzed = await analyze(
    { objects, threads },
    { ...job, pcmKey: transcoded.pcmKey, genreHint: null },
    context,
  );
  if (!analyzed.embedding) throw new Error('the file was not heard');
}
// not that of getrusage: it begins with what the parent had
const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
process.send?.(Number(peak) * 1024);
