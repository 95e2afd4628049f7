import type { IncomingHttpHeaders } from 'node:http';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId, UserId, userRegistered } from '@volna/events';

import { readText, serveOnLoopback, type TestServer } from '../testing/http-server.ts';
import { openPeople, type People } from '../testing/people.ts';
import type { BillingPort } from './billing-port.ts';
import { createCustomer } from './create-customer.ts';
import { forgetCustomer } from './forget-customer.ts';
import { openStripe } from './stripe.ts';

const KEY = 'sk_test_loopback';
const ANNA = { userId: 'usr_1', email: 'anna+b@example.org', name: 'Anna & Ко' };

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly form: Readonly<Record<string, string>>;
}

interface Refusal {
  readonly status: number;
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Stripe as its reference describes POST /v1/customers, DELETE /v1/customers/:id and idempotent requests. */
async function serveStripe() {
  const asked: Asked[] = [];
  const refusals: Refusal[] = [];
  const customers = new Map<string, { id: string; object: 'customer'; form: string }>();
  const server: TestServer = await serveOnLoopback(() => async (request, response) => {
    const text = await readText(request);
    const { method = '', url: path = '', headers } = request;
    asked.push({ method, path, headers, form: Object.fromEntries(new URLSearchParams(text)) });
    const answer = (status: number, body: object, more: Readonly<Record<string, string>> = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...more }).end(JSON.stringify(body));
    };
    const error = (status: number, type: string, code?: string, more = {}) =>
      answer(status, { error: { type, ...(code && { code }) } }, more);
    const refusal = refusals.shift();
    if (headers.authorization !== `Bearer ${KEY}`) return error(401, 'invalid_request_error');
    if (refusal) return error(refusal.status, 'api_error', refusal.code, refusal.headers);
    const [, id] = /^\/v1\/customers\/(\w+)$/.exec(path) ?? [];
    if (method === 'DELETE' && id) {
      const known = [...customers].find(([, customer]) => customer.id === id);
      if (!known) return error(404, 'invalid_request_error', 'resource_missing');
      customers.delete(known[0]);
      return answer(200, { id, object: 'customer', deleted: true });
    }
    if (method !== 'POST' || path !== '/v1/customers') return error(404, 'invalid_request_error');
    const key = String(headers['idempotency-key']);
    const before = customers.get(key);
    if (before && before.form !== text) return error(400, 'idempotency_error');
    const customer = before ?? { id: `cus_${customers.size + 1}`, object: 'customer' as const, form: text };
    customers.set(key, customer);
    return answer(200, { id: customer.id, object: customer.object });
  });
  return { ...server, asked, refusals, customers };
}

let stripe: Awaited<ReturnType<typeof serveStripe>>;
let port: BillingPort;

beforeAll(async () => {
  stripe = await serveStripe();
  port = openStripe({ secretKey: KEY, url: stripe.url, backOffMs: 1 });
});
beforeEach(() => {
  stripe.asked.length = 0;
  stripe.refusals.length = 0;
  stripe.customers.clear();
});
afterAll(async () => {
  await stripe[Symbol.asyncDispose]();
});

/** Tells of a registration as the relay does, which may do so before or after, and waits until it is handled. */
async function tell(people: People, id: string, messageId: string): Promise<void> {
  await people.bus.publish(userRegistered, { userId: UserId.parse(id) }, { id: messageId });
  await people.bus.idle();
}

const times = (count: number, refusal: Refusal) =>
  stripe.refusals.push(...Array<Refusal>(count).fill(refusal));

describe('Stripe', () => {
  it('is asked for a customer as its reference says', async () => {
    expect(await port.createCustomer(ANNA)).toBe('cus_1');
    expect(stripe.asked).toEqual([
      {
        method: 'POST',
        path: '/v1/customers',
        headers: expect.objectContaining({
          authorization: `Bearer ${KEY}`,
          'content-type': 'application/x-www-form-urlencoded',
          'idempotency-key': expect.stringMatching(/^volna-[0-9a-f]{64}$/),
        }),
        form: { email: ANNA.email, name: ANNA.name, 'metadata[volna_user_id]': ANNA.userId },
      },
    ]);
  });

  it('is asked for the same customer by the same key, and for a changed one by another', async () => {
    expect([await port.createCustomer(ANNA), await port.createCustomer(ANNA)]).toEqual(['cus_1', 'cus_1']);
    expect(await port.createCustomer({ ...ANNA, email: 'new@example.org' })).toBe('cus_2');
  });

  it.each([
    ['429', { status: 429 }],
    ['500', { status: 500 }],
    ['409', { status: 409, code: 'lock_timeout' }],
    ['400 that it says to send again', { status: 400, headers: { 'stripe-should-retry': 'true' } }],
  ])('that answers %s is asked again, by the same key', async (_what, refusal) => {
    times(2, refusal);
    expect(await port.createCustomer(ANNA)).toBe('cus_1');
    expect(new Set(stripe.asked.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(stripe.asked).toHaveLength(3);
  });

  it('that goes on refusing is asked three times', async () => {
    times(5, { status: 500 });
    await expect(port.createCustomer(ANNA)).rejects.toThrow('Stripe answered 500 (api_error)');
    expect(stripe.asked).toHaveLength(3);
  });

  it.each([
    ['400', { status: 400, code: 'email_invalid' }, 'Stripe answered 400 (email_invalid)'],
    [
      '500 that it says not to send again',
      { status: 500, headers: { 'stripe-should-retry': 'false' } },
      '500',
    ],
  ])('that answers %s is asked once', async (_what, refusal, message) => {
    times(1, refusal);
    await expect(port.createCustomer(ANNA)).rejects.toThrow(message);
    expect(stripe.asked).toHaveLength(1);
  });

  it('that does not know the key, or is not there, is an error without the key in it', async () => {
    const stranger = openStripe({ secretKey: 'sk_wrong', url: stripe.url, backOffMs: 1 });
    await expect(stranger.createCustomer(ANNA)).rejects.toThrow(
      'Stripe answered 401 (invalid_request_error)',
    );
    const nowhere = openStripe({ secretKey: KEY, url: 'http://127.0.0.1:1', backOffMs: 1 });
    await expect(nowhere.createCustomer(ANNA)).rejects.not.toThrow(KEY);
  });

  it('forgets a customer, also one that it does not know', async () => {
    const id = (await port.createCustomer(ANNA)) ?? '';
    await port.deleteCustomer(id);
    expect(stripe.customers.size).toBe(0);
    await port.deleteCustomer(id);
    times(5, { status: 503 });
    await expect(port.deleteCustomer(id)).rejects.toThrow('503');
  });
});

describe('somebody who registers', () => {
  it('becomes a customer once, however often it is told', async () => {
    await using people = await openPeople({ billing: port });
    const { id } = await people.register('payer');
    await tell(people, id, 'once');
    const { billingCustomerId } = await people.db.user.findUniqueOrThrow({ where: { id } });
    expect(billingCustomerId).toBe('cus_1');

    await tell(people, id, 'again');
    await people.db.user.update({ where: { id }, data: { billingCustomerId: null } });
    await tell(people, id, 'and again');
    await tell(people, newId('User'), 'of nobody');
    expect(stripe.customers.size).toBe(1);
    expect(await people.db.user.count({ where: { billingCustomerId: 'cus_1' } })).toBe(1);

    await forgetCustomer({ db: people.db, billing: port }, id);
    expect(stripe.customers.size).toBe(0);
  });

  it('leaves no customer behind who is erased while Stripe is asked', async () => {
    await using people = await openPeople();
    const { id } = await people.register('leaver');
    const slow: BillingPort = {
      ...port,
      async createCustomer(billed) {
        const made = await port.createCustomer(billed);
        await people.db.user.deleteMany();
        return made;
      },
    };
    await createCustomer(people, slow, id);
    expect(stripe.asked.map(({ method }) => method)).toEqual(['POST', 'DELETE']);
    expect(stripe.customers.size).toBe(0);
  });

  it('is nobody’s customer where no key is set', async () => {
    await using people = await openPeople();
    const { id } = await people.register('guest');
    await tell(people, id, 'once');
    expect(stripe.asked).toEqual([]);
    const { billingCustomerId } = await people.db.user.findUniqueOrThrow({ where: { id } });
    expect(billingCustomerId).toBeNull();
  });
});
