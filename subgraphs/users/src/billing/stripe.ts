import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import { z } from 'zod';

import type { Billed, BillingPort } from './billing-port.ts';

export interface StripeSettings {
  readonly secretKey: string;
  /** `https://api.stripe.com`, or whoever speaks like it. */
  readonly url: string;
  /** Pause before the second try, ms; it doubles from try to try. */
  readonly backOffMs?: number;
  /** How long one request may take, ms. */
  readonly timeoutMs?: number;
}

/** Stripe did not do what it was asked. Tells its code, and nothing of the customer. */
export class StripeError extends Error {
  override name = 'StripeError';
  readonly status: number;

  constructor(status: number, code: string) {
    super(`Stripe answered ${status} (${code})`);
    this.status = status;
  }
}

interface StripeRequest {
  readonly method: 'DELETE' | 'POST';
  readonly path: string;
  readonly form?: Readonly<Record<string, string>>;
}

const TRIES = 3;
const BACK_OFF_MS = 500;
const TIMEOUT_MS = 10_000;

const Customer = z.object({ id: z.string().min(1), object: z.literal('customer') });
const Refusal = z.object({ error: z.object({ code: z.string().optional(), type: z.string() }) });

/** Stripe by its HTTP API: https://docs.stripe.com/api/customers */
export function openStripe(settings: StripeSettings): BillingPort {
  return {
    async createCustomer(billed) {
      const form = toForm(billed);
      const answer = await send(settings, { method: 'POST', path: '/v1/customers', form });
      return Customer.parse(answer).id;
    },
    async deleteCustomer(customerId) {
      const path = `/v1/customers/${encodeURIComponent(customerId)}`;
      await send(settings, { method: 'DELETE', path }).catch((err: unknown) => {
        if (!(err instanceof StripeError && err.status === 404)) throw err;
      });
    },
  };
}

function toForm({ userId, email, name }: Billed): Readonly<Record<string, string>> {
  return { email, name, 'metadata[volna_user_id]': userId };
}

/** Tries again what may yet succeed; whoever called tries the rest again later. */
async function send(settings: StripeSettings, request: StripeRequest): Promise<unknown> {
  const { backOffMs = BACK_OFF_MS } = settings;
  for (let tried = 1; ; tried++) {
    const answer = await ask(settings, request).catch((err: unknown) => {
      if (tried === TRIES) throw err;
      return null;
    });
    if (answer?.ok) return answer.json();
    if (answer && (tried === TRIES || !mayRetry(answer))) throw await toError(answer);
    await answer?.body?.cancel();
    await pause(backOffMs * 2 ** (tried - 1));
  }
}

function ask(
  { secretKey, url, timeoutMs = TIMEOUT_MS }: StripeSettings,
  { method, path, form }: StripeRequest,
) {
  const body = form && new URLSearchParams(form).toString();
  return fetch(new URL(path, url), {
    method,
    headers: {
      authorization: `Bearer ${secretKey}`,
      ...(body && {
        'content-type': 'application/x-www-form-urlencoded',
        'idempotency-key': keyOf(path, body),
      }),
    },
    ...(body && { body }),
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
}

/** The same for the same request, whichever process sends it. Stripe refuses one key with other fields. */
function keyOf(path: string, body: string): string {
  return `volna-${createHash('sha256').update(`${path} ${body}`).digest('hex')}`;
}

function mayRetry({ status, headers }: Response): boolean {
  const told = headers.get('stripe-should-retry');
  if (told !== null) return told === 'true';
  return status === 409 || status === 429 || status >= 500;
}

async function toError(answer: Response): Promise<StripeError> {
  const refusal = Refusal.safeParse(await answer.json().catch(() => null));
  const { code, type } = refusal.data?.error ?? { type: 'no reason' };
  return new StripeError(answer.status, code ?? type);
}
