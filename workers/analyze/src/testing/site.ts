import { fileURLToPath } from 'node:url';

/** The project's own models. */
export const MODELS_DIRECTORY = fileURLToPath(new URL('../../../../models', import.meta.url));
