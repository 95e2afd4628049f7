import { resolve } from 'node:path';

export interface ImportPolicy {
  /** Absolute paths: folders to import are these, or lie under them. */
  readonly roots: readonly string[];
  /** What prefixes of keys to import begin with; the rest of the store is Volna's own. */
  readonly prefixes: readonly string[];
  /** How many tracks may be in processing, whoever sent them, before a run waits. */
  readonly maxProcessing: number;
}

const MAX_PROCESSING = 16;

/** No folders, `import/` in the store and 16 tracks at a time unless told. */
export function readImportPolicy({
  roots = [],
  prefixes = ['import/'],
  maxProcessing = MAX_PROCESSING,
}: { [Name in keyof ImportPolicy]?: ImportPolicy[Name] | undefined } = {}): ImportPolicy {
  return { roots: roots.map((root) => resolve(root)), prefixes, maxProcessing };
}
