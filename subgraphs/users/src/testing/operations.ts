import { readdirSync, readFileSync } from 'node:fs';

import { type DocumentNode, Kind, parse, print, visit } from 'graphql';

const FOLDER = new URL('../../../../gateway/operations/', import.meta.url);

const documents = readdirSync(FOLDER).map((name) => parse(readFileSync(new URL(name, FOLDER), 'utf8')));
const definitions = documents.flatMap((document) => document.definitions);

/** An operation that clients are given, by its name, with the fragments that it uses. */
export function clientOperation(name: string): string {
  const found = definitions.find(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION && definition.name?.value === name,
  );
  if (!found) throw new Error(`clients have no operation ${name}`);
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [found] };
  return [print(document), ...fragmentsOf(document, new Set())].join('\n');
}

function fragmentsOf(document: DocumentNode, seen: Set<string>): string[] {
  const names: string[] = [];
  visit(document, { FragmentSpread: ({ name }) => void names.push(name.value) });
  return names
    .filter((name) => !seen.has(name))
    .flatMap((name) => {
      seen.add(name);
      const fragment = definitions.find(
        (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name,
      );
      if (!fragment) throw new Error(`no fragment ${name}`);
      const own: DocumentNode = { kind: Kind.DOCUMENT, definitions: [fragment] };
      return [print(own), ...fragmentsOf(own, seen)];
    });
}
