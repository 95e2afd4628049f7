import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { composeServices } from '@apollo/composition';
import { Supergraph } from '@apollo/federation-internals';
import { parse, printSchema } from 'graphql';

import { readSupergraphFile } from './supergraph-file.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const GENERATED = fileURLToPath(new URL('generated/', import.meta.url));
export const SUPERGRAPH_FILE = join(GENERATED, 'supergraph.graphql');
/** The schema that clients see. */
const API_FILE = join(GENERATED, 'api.graphql');

/** The subgraphs do not make one graph; the message has a line for each reason. */
export class CompositionError extends Error {
  override name = 'CompositionError';
}

/** Composes what a supergraph.yaml names, without rover and without the network. */
export function composeSupergraph(configFile: string): string {
  const { subgraphs } = readSupergraphFile(configFile);
  const services = Object.entries(subgraphs).map(([name, { routing_url: url, schema }]) => {
    const file = resolve(dirname(configFile), schema.file);
    return { name, url, typeDefs: readSchema(name, file) };
  });
  const composed = composeServices(services);
  if (!composed.errors) return composed.supergraphSdl;
  const lines = composed.errors.map(({ extensions, message }) => `${String(extensions['code'])}: ${message}`);
  throw new CompositionError(lines.join('\n'));
}

function readSchema(name: string, file: string) {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (err) {
    throw new CompositionError(`${name}: ${file}: ${(err as Error).message}`);
  }
}

if (import.meta.main) {
  try {
    const sdl = composeSupergraph(process.argv[2] ?? join(ROOT, 'supergraph.yaml'));
    mkdirSync(GENERATED, { recursive: true });
    writeFileSync(SUPERGRAPH_FILE, sdl);
    // security directives are not in what clients see
    const supergraph = Supergraph.build(sdl, { supportedFeatures: null });
    writeFileSync(API_FILE, `${printSchema(supergraph.apiSchema().toGraphQLJSSchema())}\n`);
  } catch (err) {
    if (!(err instanceof CompositionError)) throw err;
    process.stderr.write(`${err.message}\n`);
    process.exitCode = 1;
  }
}
