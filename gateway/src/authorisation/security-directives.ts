import { type ConstDirectiveNode, type DocumentNode, Kind, valueFromASTUntyped } from 'graphql';

import { allOf, type AnyOf, type Rule, ruleFrom } from './rule.ts';

/** What the gateway enforces itself; Apollo's planner starts with no security feature that nobody vouches for. */
export const ENFORCED_FEATURES: readonly string[] = [
  'https://specs.apollo.dev/authenticated/v0.1',
  'https://specs.apollo.dev/requiresScopes/v0.1',
  'https://specs.apollo.dev/policy/v0.1',
];

type Feature = 'authenticated' | 'requiresScopes' | 'policy';
/** The three directives by the names that a schema gives them. */
export type DirectiveNames = ReadonlyMap<string, Feature>;

const FEATURE = /^https:\/\/specs\.apollo\.dev\/(authenticated|requiresScopes|policy)\//;

/** Reads the links of a schema: `as` and imports may name a directive otherwise. */
export function readDirectiveNames(document: DocumentNode): DirectiveNames {
  const names = new Map<string, Feature>();
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.SCHEMA_DEFINITION && definition.kind !== Kind.SCHEMA_EXTENSION) continue;
    for (const link of definition.directives ?? []) {
      const url = argumentOf(link, 'url');
      const feature = typeof url === 'string' ? (FEATURE.exec(url)?.[1] as Feature | undefined) : undefined;
      if (feature) names.set(nameIn(link, feature), feature);
    }
  }
  return names;
}

/** The rule that the directives of one field or type state. */
export function readRule(names: DirectiveNames, directives: readonly ConstDirectiveNode[] = []): Rule {
  return allOf(
    directives.flatMap((directive): Rule[] => {
      const feature = names.get(directive.name.value);
      if (!feature) return [];
      if (feature === 'authenticated') return [ruleFrom(true)];
      if (feature === 'policy')
        return [ruleFrom(true, undefined, argumentOf(directive, 'policies') as AnyOf)];
      return [ruleFrom(true, argumentOf(directive, 'scopes') as AnyOf)];
    }),
  );
}

function nameIn(link: ConstDirectiveNode, feature: Feature): string {
  const imports = (argumentOf(link, 'import') ?? []) as (string | { name?: string; as?: string })[];
  for (const imported of imports) {
    if (typeof imported === 'object' && imported.name === `@${feature}` && imported.as)
      return imported.as.slice(1);
  }
  const as = argumentOf(link, 'as');
  return typeof as === 'string' ? as : feature;
}

function argumentOf(directive: ConstDirectiveNode, name: string): unknown {
  const argument = directive.arguments?.find((given) => given.name.value === name);
  return argument && valueFromASTUntyped(argument.value);
}
