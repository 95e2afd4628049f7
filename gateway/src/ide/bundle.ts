import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build, type BuildOptions } from 'esbuild';

const SOURCES = fileURLToPath(new URL('browser/', import.meta.url));
const OUTPUT = fileURLToPath(new URL('../generated/ide/', import.meta.url));
const STAMP = join(OUTPUT, 'stamp');

const PAGES = { graphiql: join(SOURCES, 'graphiql.js'), sandbox: join(SOURCES, 'sandbox.js') };
const STYLE = { style: 'graphiql/style.css' };
const WORKERS = {
  'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
  'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
  'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
};
const PACKAGES = [
  'graphiql',
  '@graphiql/toolkit',
  '@apollo/sandbox',
  'monaco-editor',
  'monaco-graphql',
  'react',
  'graphql-ws',
  'esbuild',
];

/** Bundles GraphiQL and Sandbox for browsers, so that the gateway serves them itself; skipped when nothing changed. */
export async function bundleIde(): Promise<void> {
  const stamp = stampOf();
  if (readStamp() === stamp) return;
  rmSync(OUTPUT, { recursive: true, force: true });
  mkdirSync(OUTPUT, { recursive: true });
  const options: BuildOptions = {
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    outdir: OUTPUT,
    logLevel: 'error',
    legalComments: 'linked',
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.ttf': 'file', '.woff2': 'file', '.svg': 'dataurl' },
  };
  await build({ ...options, entryPoints: { ...PAGES, ...STYLE } });
  await build({ ...options, entryPoints: WORKERS });
  writeFileSync(STAMP, stamp);
}

function readStamp(): string | null {
  try {
    return readFileSync(STAMP, 'utf8');
  } catch {
    return null;
  }
}

/** Names what the bundles are made from: our sources and the versions of the packages. */
function stampOf(): string {
  const hash = createHash('sha256');
  for (const file of [...Object.values(PAGES), fileURLToPath(import.meta.url)])
    hash.update(readFileSync(file));
  for (const name of PACKAGES) hash.update(`${name}@${versionOf(name)}\n`);
  return hash.digest('hex');
}

function versionOf(name: string): string {
  const require = createRequire(import.meta.url);
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      const file = readFileSync(join(folder, name, 'package.json'), 'utf8');
      return (JSON.parse(file) as { version: string }).version;
    } catch {
      // not in this folder
    }
  }
  throw new Error(`${name} is not installed: ${dirname(SOURCES)}`);
}

if (import.meta.main) await bundleIde();
