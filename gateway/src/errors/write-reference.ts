import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { readSupergraphFile } from '../supergraph-file.ts';
import { writeReference } from './reference.ts';

export const ROOT = new URL('../../../', import.meta.url);
export const REFERENCE = new URL('docs/errors.md', ROOT);

/** The schemas of all subgraphs. */
export function readSchemas(): string[] {
  const { subgraphs } = readSupergraphFile(fileURLToPath(new URL('supergraph.yaml', ROOT)));
  return Object.values(subgraphs).map(({ schema }) => readFileSync(new URL(schema.file, ROOT), 'utf8'));
}

if (import.meta.main) writeFileSync(REFERENCE, writeReference(readSchemas()));
