import { startBackground } from '@volna/platform/background';

import type { Deps } from '../context.ts';
import { embedEntries } from './embed-entries.ts';
import { createMeaning, type Meaning, NO_MEANING } from './meaning.ts';
import type { MeaningSettings } from './settings.ts';
import { reconcileTextVectors, storeTextVectors } from './store-text-vectors.ts';
import { openTextEmbeddings } from './text-embeddings.ts';

/** How long new words, and what failed, wait. */
const EVERY_MS = 5_000;

export interface RunningMeaning extends AsyncDisposable {
  readonly meaning: Meaning;
  /** Brings the vectors up to date now; throws where a server does not answer. */
  refresh(): Promise<void>;
}

/** The search by meaning, if a server of text embeddings is set up: it keeps the vectors of all entries up to date. */
export function startMeaning(
  deps: Pick<Deps, 'db' | 'vectors'>,
  settings: MeaningSettings | null,
  everyMs = EVERY_MS,
): RunningMeaning {
  if (!settings)
    return { meaning: NO_MEANING, refresh: async () => {}, [Symbol.asyncDispose]: async () => {} };
  const embeddings = openTextEmbeddings(settings);
  let isReconciled = false;
  async function refresh(): Promise<void> {
    if (!isReconciled) await reconcileTextVectors(deps, embeddings.model);
    isReconciled = true;
    // whom things are shown to does not wait for a server that is away
    await storeTextVectors(deps, embeddings.model);
    await embedEntries(deps, embeddings);
    await storeTextVectors(deps, embeddings.model);
  }
  const background = startBackground('text embeddings', everyMs, refresh);
  return {
    meaning: createMeaning(deps.vectors, embeddings, settings),
    refresh,
    [Symbol.asyncDispose]: () => background[Symbol.asyncDispose](),
  };
}
