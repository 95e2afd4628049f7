import { readFileSync } from 'node:fs';

import { parse } from 'yaml';
import { z } from 'zod';

const SupergraphFile = z.object({
  subgraphs: z.record(
    z.string(),
    z.object({ routing_url: z.string(), schema: z.object({ file: z.string() }) }),
  ),
});
export type SupergraphFile = z.infer<typeof SupergraphFile>;

/** Reads a supergraph.yaml, the format of Apollo's rover. */
export function readSupergraphFile(file: string): SupergraphFile {
  return SupergraphFile.parse(parse(readFileSync(file, 'utf8')));
}
