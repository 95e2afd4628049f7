import { NatsBus } from '@volna/platform/bus-nats';
import { DirectoryObjects } from '@volna/platform/objects-directory';
import { runService } from '@volna/platform/service';
import { binaryForTests } from '@volna/platform/testing/servers';
import { startTranscode } from '@volna/transcode';

import { OBJECTS_KEY } from './test-stack.ts';

// A transcode worker that a test may kill: `NATS_URL`, and the folder of the stack's objects in `OBJECTS`.
await runService('transcode', async () => {
  const { NATS_URL = '', OBJECTS = '' } = process.env;
  const [ffmpeg, ffprobe] = await Promise.all([binaryForTests('ffmpeg'), binaryForTests('ffprobe')]);
  if (typeof ffmpeg === 'string' || typeof ffprobe === 'string') throw new Error('there is no ffmpeg');
  await using opened = new AsyncDisposableStack();
  const bus = opened.use(await NatsBus.connect(NATS_URL));
  const objects = opened.use(await DirectoryObjects.open({ directory: OBJECTS, signingKey: OBJECTS_KEY }));
  opened.use(await startTranscode({ bus, objects, ffmpeg, ffprobe }));
  return opened.move();
});
