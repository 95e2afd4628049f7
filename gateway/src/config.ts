import { readConfig } from '@volna/platform/config';
import { z } from 'zod';

import { OPERATION_LIMITS } from './limits/limits.ts';
import { RATE_LIMITS, type RateLimits } from './limits/rate-limits.ts';
import { readRemotes, remoteVariables } from './subgraphs/remote-config.ts';
import type { SupergraphFile } from './supergraph-file.ts';

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  );

const MAX_REQUESTS = 1_000_000;
const MAX_COST = 100_000_000;
const perMinute = (max: number, least: number) => z.coerce.number().int().min(least).max(max);
const requests = perMinute(MAX_REQUESTS, 1);
/** One operation may cost as much as the limit of one allows. */
const cost = perMinute(MAX_COST, OPERATION_LIMITS.cost);

/** `name=share` with commas between: `backup=0.2,old-app=0`. */
const shares = list
  .transform((parts) => Object.fromEntries(parts.map((part) => part.split('=').map((half) => half.trim()))))
  .pipe(z.record(z.string().min(1), z.coerce.number().min(0).max(1)));

/** Settings of the gateway's process. */
export function readGatewayConfig(env: Record<string, string | undefined>, file: SupergraphFile) {
  const config = readConfig(
    {
      GATEWAY_PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
      GATEWAY_HOST: z.string().default('127.0.0.1'),
      INTERNAL_KEY: z.string().min(32),
      JWKS_URL: z.url({ protocol: /^https?$/ }),
      CORS_ORIGINS: list,
      TRUSTED_PROXIES: z.coerce.number().int().min(0).default(0),
      HSTS_SECONDS: z.coerce.number().int().min(0).default(0),
      REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
      RATE_LIMIT_STRANGER: requests.default(RATE_LIMITS.stranger.requests),
      RATE_LIMIT_USER: requests.default(RATE_LIMITS.user.requests),
      COST_LIMIT_STRANGER: cost.default(RATE_LIMITS.stranger.cost),
      COST_LIMIT_USER: cost.default(RATE_LIMITS.user.cost),
      CLIENT_LIMITS: shares,
      TRUSTED_DOCUMENTS: z.string().optional(),
      OPERATION_LOG_SHARE: z.coerce.number().min(0).max(1).default(0),
      /** Where the operation log goes; needed where there is one. */
      NATS_URL: z.url().optional(),
      DRAIN_NOTICE_MS: z.coerce.number().int().min(0).max(10_000).default(2_000),
      NODE_ENV: z.string().default('development'),
      ...remoteVariables(file),
    },
    env,
  );
  return {
    ...config,
    rateLimits: {
      stranger: { requests: config.RATE_LIMIT_STRANGER, cost: config.COST_LIMIT_STRANGER },
      user: { requests: config.RATE_LIMIT_USER, cost: config.COST_LIMIT_USER },
      clients: config.CLIENT_LIMITS,
    } satisfies RateLimits,
    production: config.NODE_ENV === 'production',
    remotes: readRemotes(file, config),
  };
}
