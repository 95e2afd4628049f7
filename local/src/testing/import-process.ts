import { startScan } from '@volna/import/scan/start-scan';
import { NatsBus } from '@volna/platform/bus-nats';
import { DirectoryObjects } from '@volna/platform/objects-directory';
import { runService } from '@volna/platform/service';

import { OBJECTS_KEY } from './open-imports.ts';

// An import worker that a test may kill: `NATS_URL`, the folder of the objects in `OBJECTS`, that of the music in `MUSIC`.
await runService('import', async () => {
  const { NATS_URL = '', OBJECTS = '', MUSIC = '' } = process.env;
  await using opened = new AsyncDisposableStack();
  const bus = opened.use(await NatsBus.connect(NATS_URL));
  const objects = opened.use(await DirectoryObjects.open({ directory: OBJECTS, signingKey: OBJECTS_KEY }));
  opened.use(await startScan({ bus, objects, roots: [MUSIC], threads: 1 }));
  return opened.move();
});
