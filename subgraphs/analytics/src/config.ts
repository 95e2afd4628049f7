import { readConfig } from '@volna/platform/config';
import { outsideSettings } from '@volna/platform/outside-url';
import { s3Settings } from '@volna/platform/s3-settings';
import { z } from 'zod';

const optional = z
  .string()
  .optional()
  .transform((text) => text || undefined);

export function readAnalyticsConfig(env: Record<string, string | undefined>) {
  return readConfig(
    {
      ANALYTICS_DATABASE_URL: z.url(),
      ANALYTICS_PORT: z.coerce.number().int().min(0).max(65_535).default(4006),
      HOST: z.string().default('127.0.0.1'),
      NATS_URL: z.url(),
      INTERNAL_KEY: z.string().min(32),
      /** Days that events are kept for; what they add up to stays. */
      ANALYTICS_RETENTION_DAYS: z.coerce.number().int().min(2).max(3_650).default(400),
      /** Where alerts are posted to. */
      ALERT_WEBHOOK_URL: optional.pipe(z.url({ protocol: /^https?$/ }).optional()),
      ALERT_WEBHOOK_SECRET: optional,
      ...outsideSettings,
      ...s3Settings,
    },
    env,
  );
}
