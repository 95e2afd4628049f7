import type { Vectors } from '@volna/platform/vectors';
import { EmbeddedVectors } from '@volna/platform/vectors-embedded';
import { QdrantVectors } from '@volna/platform/vectors-qdrant';

import type { Opened } from './open-bus.ts';
import { type BackendsOptions, hostOf } from './options.ts';

/** The named Qdrant, else an exact scan in a thread of this process. */
export async function openVectors({ config }: BackendsOptions): Promise<Opened<Vectors>> {
  const open = config.QDRANT_URL
    ? await QdrantVectors.open(config.QDRANT_URL, config.QDRANT_API_KEY)
    : await EmbeddedVectors.open();
  const backend = config.QDRANT_URL ? `Qdrant at ${hostOf(config.QDRANT_URL)}` : 'in process, exact scan';
  return { open, backend, [Symbol.asyncDispose]: () => open[Symbol.asyncDispose]() };
}
