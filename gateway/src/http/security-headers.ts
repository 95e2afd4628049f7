import type { ServerResponse } from 'node:http';

/** Of every answer: no type is guessed, no page of another site frames it, and nothing in it is run. */
const SAFE = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
};

/** Sets what every answer says to browsers; `hstsSeconds` where the gateway is reached over TLS, else 0. */
export function createSecureHeaders(hstsSeconds: number): (response: ServerResponse) => void {
  const hsts = { 'strict-transport-security': `max-age=${hstsSeconds}; includeSubDomains` };
  const headers = new Map(Object.entries({ ...SAFE, ...(hstsSeconds > 0 && hsts) }));
  return (response) => void response.setHeaders(headers);
}

/** Streams, covers and public keys are for pages of any origin, which have their signed URLs. */
export function allowEmbedding(response: ServerResponse): void {
  response.setHeader('cross-origin-resource-policy', 'cross-origin');
}
