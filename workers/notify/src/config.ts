import { readConfig } from '@volna/platform/config';
import { z } from 'zod';

import { mailSettings } from './mail-config.ts';

/** Reads the worker's settings from the environment. */
export function readNotifyConfig(env: Record<string, string | undefined>) {
  return readConfig(
    {
      NATS_URL: z.url(),
      ...mailSettings,
      HOST: z.string().default('127.0.0.1'),
      /** Where the process answers whether it is well; nowhere for 0. */
      HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
      /** Letters at a time. */
      WORKER_CONCURRENCY: z.coerce.number().int().positive().default(2),
    },
    env,
  );
}
