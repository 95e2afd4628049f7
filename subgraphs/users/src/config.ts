import { readConfig } from '@volna/platform/config';
import { s3Settings } from '@volna/platform/s3-settings';
import { z } from 'zod';

import { billingVariables } from './billing/config.ts';
import { oauthVariables } from './oauth/config.ts';
import { SETTINGS } from './settings.ts';
import { passwordCost } from './tokens/password-cost.ts';

export function readUsersConfig(env: Record<string, string | undefined>) {
  return readConfig(
    {
      USERS_DATABASE_URL: z.url(),
      USERS_PORT: z.coerce.number().int().min(0).max(65_535).default(4001),
      HOST: z.string().default('127.0.0.1'),
      NATS_URL: z.url(),
      REDIS_URL: z.url(),
      INTERNAL_KEY: z.string().min(32),
      PASSWORD_COST: passwordCost,
      SIGNING_KEY_DAYS: z.coerce.number().int().min(0).default(SETTINGS.signingKeyDays),
      ...s3Settings,
      ...oauthVariables,
      ...billingVariables,
    },
    env,
  );
}
