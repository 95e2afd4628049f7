import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { describe, expect, it } from '@jest/globals';
import { openScratch, type Scratch } from '@volna/platform/scratch';
import { isInterfaceType, isObjectType } from 'graphql';

import { ENFORCED_FEATURES } from './authorisation/security-directives.ts';
import { composeSupergraph, CompositionError } from './compose.ts';
import { createExecutor } from './executor/index.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const send = async () => ({ data: null });

describe('composing', () => {
  it('makes one graph of the subgraphs of this repository', () => {
    const supergraphSdl = composeSupergraph(`${ROOT}supergraph.yaml`);
    const { schema } = createExecutor({ supergraphSdl, enforced: ENFORCED_FEATURES, send });
    const node = schema.getType('Node');
    const owners = isInterfaceType(node) ? schema.getPossibleTypes(node).map(({ name }) => name) : [];
    expect(owners.toSorted()).toEqual(['Album', 'Artist', 'Genre', 'Playlist', 'Track', 'Upload', 'User']);
    const track = schema.getType('Track');
    expect(isObjectType(track) && Object.keys(track.getFields())).toEqual(
      expect.not.arrayContaining(['nodeKey']),
    );
  });

  it('publishes the security directives, which other routers enforce as well, but not in what clients see', () => {
    const supergraphSdl = composeSupergraph(`${ROOT}supergraph.yaml`);
    expect(supergraphSdl).toContain(
      '@link(url: "https://specs.apollo.dev/requiresScopes/v0.1", for: SECURITY)',
    );
    expect(supergraphSdl).toMatch(/ deleteTrack\(.*@requiresScopes\(scopes: \[\["upload"\]\]\)/);
    const supergraph = Supergraph.build(supergraphSdl, {
      supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
    });
    const scopes = supergraph.schema.schemaDefinition.rootType('mutation')?.field('deleteTrack');
    expect(scopes?.appliedDirectivesOf('requiresScopes')[0]?.arguments()).toEqual({ scopes: [['upload']] });
    const clients = supergraph.apiSchema().toGraphQLJSSchema();
    expect(clients.getDirective('requiresScopes')).toBeUndefined();
    expect(clients.getType('requiresScopes__Scope')).toBeUndefined();
    expect(() => Supergraph.build(supergraphSdl)).toThrow(
      /requiresScopes.* is for: SECURITY but is unsupported/,
    );
  });

  it('says what does not fit, by code', async () => {
    await using scratch = await openScratch();
    const file = write(scratch, { a: 'type Query { x: Int }', b: 'type Query { x: String }' });
    expect(() => composeSupergraph(file)).toThrow(/INVALID_FIELD_SHARING|FIELD_TYPE_MISMATCH/);
  });

  it('says which file has a syntax error, or is not there', async () => {
    await using scratch = await openScratch();
    const file = write(scratch, { a: 'type Query {' });
    expect(() => composeSupergraph(file)).toThrow(CompositionError);
    expect(() => composeSupergraph(file)).toThrow(/^a: .*a\.graphql: Syntax Error/);
    writeFileSync(file, 'subgraphs: { a: { routing_url: "http://a", schema: { file: none.graphql } } }');
    expect(() => composeSupergraph(file)).toThrow(/none\.graphql: ENOENT/);
  });

  it('ends with status 1 when it fails as a command', async () => {
    await using scratch = await openScratch();
    const file = write(scratch, { a: 'type Query {' });
    const script = fileURLToPath(new URL('compose.ts', import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [script, file], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toMatch('Syntax Error');
    expect(stderr).not.toMatch(/^ +at /m);
  });
});

function write(scratch: Scratch, schemas: Record<string, string>): string {
  const entries = Object.entries(schemas).map(([name, sdl]) => {
    writeFileSync(scratch.path(`${name}.graphql`), sdl);
    return `  ${name}: { routing_url: "http://${name}", schema: { file: ${name}.graphql } }`;
  });
  const file = scratch.path('supergraph.yaml');
  writeFileSync(file, `subgraphs:\n${entries.join('\n')}\n`);
  return file;
}
