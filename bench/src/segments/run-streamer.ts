import { EmbeddedBus } from '@volna/platform/bus-embedded';
import { DirectoryObjects } from '@volna/platform/objects-directory';
import { serveSubgraph } from '@volna/platform/serve-subgraph';
import { startPlayback } from '@volna/playback';

import { collectGarbage } from '../collect-garbage.ts';

// The playback service as its process runs it, over objects in a directory. Arguments: its database, the directory, the
// key of grants. Any message has it collect its garbage, and is answered.

const [databaseUrl = '', directory = '', grantKey = ''] = process.argv.slice(2);
const bus = await EmbeddedBus.open();
const objects = await DirectoryObjects.open({ directory, signingKey: grantKey });
const playback = await startPlayback({ databaseUrl, bus, objects, grantKey, publicUrl: () => '' });
const served = await serveSubgraph(playback.subgraph, {
  port: 0,
  internalKey: 'an internal key of a benchmark',
  routes: [playback.streamer],
});
process.on('message', () => {
  collectGarbage();
  process.send?.('done');
});
process.send?.(new URL(served.url).origin);
