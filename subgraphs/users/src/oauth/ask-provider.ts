import { UserError } from '@volna/platform/errors';
import { logger } from '@volna/platform/log';

import type { Provider } from './provider.ts';

/** Has a provider's answer, or OAUTH_FAILED: what went wrong there is for the log, and holds no secret or address. */
export async function askProvider<Answer>(
  provider: Provider,
  ask: (provider: Provider) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask(provider);
  } catch (err) {
    const { message, code, cause } = err as Error & { code?: unknown };
    const reason = cause instanceof Error ? `${message}: ${cause.message}` : message;
    logger.warn({ provider: provider.id, reason, code }, 'sign-in by a provider failed');
    throw new UserError('OAUTH_FAILED', `signing in by ${provider.name} did not work; try again`);
  }
}

/** What the provider told the browser instead of a code, put into words. */
export function refusal(provider: Provider, error: string | null | undefined): UserError {
  if (error === 'access_denied') {
    return new UserError('OAUTH_FAILED', `it was not allowed at ${provider.name}`);
  }
  return new UserError('OAUTH_FAILED', `${provider.name} did not sign you in; try again`);
}
