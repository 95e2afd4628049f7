import { readConfig } from '@volna/platform/config';
import { z } from 'zod';

import type { SupergraphFile } from './supergraph-file.ts';

/** The gateway serves this one itself. */
const INTERNAL = /^internal:/;

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  );
const urls = list.pipe(z.array(z.url({ protocol: /^https?$/ })));

export interface RemoteConfig {
  readonly name: string;
  readonly urls: readonly string[];
}

/** Settings of the gateway's process. `SUBGRAPH_<NAME>_URL` puts URLs, with commas between, in a file's place. */
export function readGatewayConfig(env: Record<string, string | undefined>, { subgraphs }: SupergraphFile) {
  const remotes = Object.entries(subgraphs).filter(([, { routing_url: url }]) => !INTERNAL.test(url));
  const variables = Object.fromEntries(remotes.map(([name]) => [variableOf(name), urls]));
  const config = readConfig(
    {
      GATEWAY_PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
      GATEWAY_HOST: z.string().default('127.0.0.1'),
      INTERNAL_KEY: z.string().min(32),
      JWKS_URL: z.url({ protocol: /^https?$/ }),
      CORS_ORIGINS: list,
      TRUSTED_PROXIES: z.coerce.number().int().min(0).default(0),
      NODE_ENV: z.string().default('development'),
      ...variables,
    },
    env,
  );
  const given = config as Readonly<Record<string, unknown>>;
  return {
    ...config,
    production: config.NODE_ENV === 'production',
    remotes: remotes.map(([name, { routing_url: url }]): RemoteConfig => {
      const set = (given[variableOf(name)] ?? []) as readonly string[];
      return { name, urls: set.length ? set : [url] };
    }),
  };
}

function variableOf(name: string): string {
  return `SUBGRAPH_${name.toUpperCase().replaceAll('-', '_')}_URL`;
}
