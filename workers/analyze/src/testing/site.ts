import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's own models. */
export const MODELS_DIRECTORY = fileURLToPath(new URL('../../../../models', import.meta.url));

/** The folder of each model in a folder of models. */
export function modelsOf(directory: string) {
  return { embedding: join(directory, 'music-embedding'), authenticity: join(directory, 'authenticity') };
}
