import { z } from 'zod';

import { SafeUrl } from '../oauth/config.ts';
import type { BillingPort } from './billing-port.ts';
import { openStripe } from './stripe.ts';

/** What the environment says of billing: nothing, unless there is a key. */
export const billingVariables = {
  STRIPE_SECRET_KEY: z.string().optional(),
  STRIPE_API_URL: SafeUrl.default('https://api.stripe.com'),
} satisfies z.ZodRawShape;

export function toBilling(variables: z.output<z.ZodObject<typeof billingVariables>>): BillingPort | null {
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_API_URL: url } = variables;
  return secretKey ? openStripe({ secretKey, url }) : null;
}
