import type { Viewer } from '@volna/platform/identity';

/** One of the lists, and of that everything. */
export type AnyOf = readonly (readonly string[])[];

/** What somebody needs in order to use a field. A rule that asks for anything asks for a signed-in user too. */
export interface Rule {
  readonly authenticated: boolean;
  readonly scopes: AnyOf;
  readonly policies: AnyOf;
}

/** Whether a policy that a schema names holds for somebody. */
export type HoldsPolicy = (policy: string, viewer: Viewer) => boolean;

const NOTHING: AnyOf = [[]];
export const FREE: Rule = { authenticated: false, scopes: NOTHING, policies: NOTHING };

export function ruleFrom(authenticated: boolean, scopes: AnyOf = NOTHING, policies: AnyOf = NOTHING): Rule {
  const needs = { scopes: simplify(scopes), policies: simplify(policies) };
  return { authenticated: authenticated || asks(needs.scopes) || asks(needs.policies), ...needs };
}

export function isFree({ authenticated }: Rule): boolean {
  return !authenticated;
}

/** The rule of whoever needs every one of these. */
export function allOf(rules: readonly Rule[]): Rule {
  const asking = rules.filter((rule) => !isFree(rule));
  if (asking.length < 2) return asking[0] ?? FREE;
  return asking.reduce((left, right) =>
    ruleFrom(true, both(left.scopes, right.scopes), both(left.policies, right.policies)),
  );
}

/** Whether everybody who satisfies the first satisfies the second. */
export function implies(left: Rule, right: Rule): boolean {
  if (isFree(right)) return true;
  return !isFree(left) && covers(left.scopes, right.scopes) && covers(left.policies, right.policies);
}

export function isSatisfied(
  { authenticated, scopes, policies }: Rule,
  viewer: Viewer | null,
  holdsPolicy: HoldsPolicy,
): boolean {
  if (!authenticated) return true;
  return (
    viewer !== null &&
    scopes.some((all) => all.every((scope) => viewer.scopes.includes(scope))) &&
    policies.some((all) => all.every((policy) => holdsPolicy(policy, viewer)))
  );
}

/** Equal for equal rules. */
export function keyOf({ authenticated, scopes, policies }: Rule): string {
  return JSON.stringify([authenticated, scopes, policies]);
}

/** What a rule asks for, for people. */
export function describeRule({ scopes, policies }: Rule): string {
  const needs = [describe('scope', scopes), describe('policy', policies)].filter(Boolean);
  return needs.join(', and ') || 'a signed-in user';
}

function describe(what: string, anyOf: AnyOf): string {
  return asks(anyOf) ? `the ${what} ${anyOf.map((all) => all.join(' and ')).join(', or ')}` : '';
}

function asks(anyOf: AnyOf): boolean {
  return !anyOf.some((all) => all.length === 0);
}

function both(left: AnyOf, right: AnyOf): AnyOf {
  return left.flatMap((one) => right.map((other) => [...one, ...other]));
}

function covers(left: AnyOf, right: AnyOf): boolean {
  return left.every((has) => right.some((wanted) => isWithin(wanted, has)));
}

/** Each list sorted and without repetition, and no list that holds another. */
function simplify(anyOf: AnyOf): AnyOf {
  const sorted = anyOf.map((all) => [...new Set(all)].toSorted());
  const distinct = [...new Map(sorted.map((all) => [JSON.stringify(all), all])).values()];
  return distinct
    .filter((all) => !distinct.some((other) => other !== all && isWithin(other, all)))
    .toSorted((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
}

function isWithin(part: readonly string[], whole: readonly string[]): boolean {
  return part.every((name) => whole.includes(name));
}
