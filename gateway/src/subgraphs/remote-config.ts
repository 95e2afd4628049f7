import { z } from 'zod';

import type { SupergraphFile } from '../supergraph-file.ts';
import { SUBGRAPH_POLICY, type SubgraphPolicy } from './policy.ts';

export interface RemoteConfig {
  readonly name: string;
  readonly urls: readonly string[];
  readonly policy: SubgraphPolicy;
}

/** The gateway serves this one itself. */
const INTERNAL = /^internal:/;
const SUBGRAPH = 'SUBGRAPH';

const urls = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  )
  .pipe(z.array(z.url({ protocol: /^https?$/ })))
  .optional();
const within = (least: number, most: number) => z.coerce.number().int().min(least).max(most).optional();
const policy = {
  TIMEOUT_MS: within(100, 60_000),
  RETRIES: within(0, 5),
  FAILURES: within(1, 1_000),
  COOL_DOWN_MS: within(100, 60_000),
};

/**
 * `SUBGRAPH_<NAME>_URL` puts URLs, with commas between, in a file's place; `SUBGRAPH_<NAME>_TIMEOUT_MS`, `_RETRIES`,
 * `_FAILURES` and `_COOL_DOWN_MS` are the policy of one, the same without a name that of all others.
 */
export function remoteVariables({ subgraphs }: SupergraphFile) {
  const prefixes = [SUBGRAPH, ...remotesOf(subgraphs).map(([name]) => prefixOf(name))];
  return Object.fromEntries(
    prefixes.flatMap((prefix) =>
      Object.entries({ ...policy, ...(prefix !== SUBGRAPH && { URL: urls }) }).map(([name, type]) => [
        `${prefix}_${name}`,
        type,
      ]),
    ),
  );
}

/** The subgraphs behind URLs; `given` holds what the environment says by `remoteVariables`. */
export function readRemotes(
  { subgraphs }: SupergraphFile,
  given: Readonly<Record<string, unknown>>,
): RemoteConfig[] {
  return remotesOf(subgraphs).map(([name, { routing_url: url }]) => {
    const prefix = prefixOf(name);
    const set = (given[`${prefix}_URL`] ?? []) as readonly string[];
    const number = (setting: string) =>
      (given[`${prefix}_${setting}`] ?? given[`${SUBGRAPH}_${setting}`]) as number | undefined;
    return {
      name,
      urls: set.length ? set : [url],
      policy: {
        timeoutMs: number('TIMEOUT_MS'),
        retries: number('RETRIES') ?? SUBGRAPH_POLICY.retries,
        failures: number('FAILURES') ?? SUBGRAPH_POLICY.failures,
        coolDownMs: number('COOL_DOWN_MS') ?? SUBGRAPH_POLICY.coolDownMs,
      },
    };
  });
}

function remotesOf(subgraphs: SupergraphFile['subgraphs']) {
  return Object.entries(subgraphs).filter(([, { routing_url: url }]) => !INTERNAL.test(url));
}

function prefixOf(name: string): string {
  return `${SUBGRAPH}_${name.toUpperCase().replaceAll('-', '_')}`;
}
