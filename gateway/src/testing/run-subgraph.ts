import { serveSubgraph } from '@volna/platform/serve-subgraph';
import { runService } from '@volna/platform/service';

import { composeToyGraph } from './gateway.ts';

// A toy subgraph as a process. Arguments: its name, its key.

const [name = '', internalKey = ''] = process.argv.slice(2);
await runService(name, async () => {
  const subgraph = composeToyGraph().subgraphs[name];
  if (!subgraph) throw new Error(`no toy ${name}`);
  const running = await serveSubgraph(subgraph, { port: 0, internalKey });
  process.send?.(running.url);
  return running;
});
