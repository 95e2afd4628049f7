import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';

import { CODES } from './codes.ts';
import { OUTCOMES } from './outcomes.ts';
import { PROCESSING } from './processing.ts';
import { placesOf, writeReference } from './reference.ts';
import { FILE_CODES } from './wire.ts';
import { readSchemas, REFERENCE, ROOT } from './write-reference.ts';

const FOLDERS = '{gateway,platform,subgraphs/*,workers/*}/src/**/*.ts';
/** Codes between our own parts: the gateway masks them. */
const MASKED = new Set(['DOWNSTREAM_SERVICE_ERROR', 'INVALID_GRAPHQL', 'PAYLOAD_TOO_LARGE']);

/** How code states a code, and which table has to say what it means. */
const STATED: readonly (readonly [pattern: RegExp, file: string, table: object])[] = [
  [/new UserError\(\s*'([A-Z_]+)'/g, 'outcomes.ts', OUTCOMES],
  [/new ClientError\(\s*'([A-Z_]+)'/g, 'codes.ts', CODES],
  [/new (?:JobError|PartError)\(\s*'([A-Z_]+)'/g, 'processing.ts', PROCESSING],
  [/new Refusal\(\d{3}, '([A-Z_]+)'/g, 'wire.ts', FILE_CODES],
  [/end\(response, \d{3}, '([A-Z_]+)'/g, 'wire.ts', FILE_CODES],
  [/code: '([A-Z_]+)'/g, 'codes.ts or processing.ts', { ...CODES, ...PROCESSING }],
];

const sources = globSync(FOLDERS, { cwd: fileURLToPath(ROOT) })
  .filter((file) => !/\.test\.ts$|\/(?:generated|testing)\/|gateway\/src\/errors\//.test(file))
  .map((file) => ({ file, text: readFileSync(new URL(file, ROOT), 'utf8') }));

describe('docs/errors.md', () => {
  it('is what npm run errors writes', () => {
    const written = readFileSync(REFERENCE, 'utf8');
    expect(written === writeReference(readSchemas()) || 'stale: run `npm run errors`').toBe(true);
  });

  it('has every code that is stated anywhere', () => {
    const missing = sources.flatMap(({ file, text }) =>
      STATED.flatMap(([pattern, table, codes]) =>
        [...text.matchAll(pattern)]
          .map(([, code = '']) => code)
          .filter((code) => !Object.hasOwn(codes, code) && !MASKED.has(code))
          .map((code) => `${code} of ${file}: say in gateway/src/errors/${table} what it means`),
      ),
    );
    expect(missing).toEqual([]);
  });

  it('has no code that nothing states', () => {
    const texts = [...sources.map(({ text }) => text), ...readSchemas()].join('\n');
    const codes = [CODES, OUTCOMES, PROCESSING, FILE_CODES].flatMap((table) => Object.keys(table));
    const unused = codes.filter((code) => !new RegExp(`\\b${code}\\b`).test(texts));
    expect(unused).toEqual([]);
  });

  it('says of each outcome which mutation has it', () => {
    const places = placesOf(readSchemas());
    const nowhere = Object.keys(OUTCOMES).filter((code) => !places.has(code));
    expect(nowhere.map((code) => `${code}: name it in the description of its mutation`)).toEqual([]);
  });
});
