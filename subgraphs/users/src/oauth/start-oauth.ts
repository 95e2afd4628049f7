import { UserError } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import { prove } from '../domain/prove.ts';
import type { StartOAuthInput } from '../generated/graphql.ts';
import { askProvider } from './ask-provider.ts';
import { beginAttempt } from './attempts.ts';
import { countStart } from './tries.ts';

/** Begins to sign in by a provider, or to link it to the viewer's account. */
export async function startOAuth(
  context: Context,
  input: StartOAuthInput,
): Promise<{ url: string; attempt: string }> {
  const { oauth } = context;
  const provider = oauth.providers.get(input.provider);
  if (!provider) throw new UserError('UNKNOWN_PROVIDER', 'no such provider', ['provider']);
  if (!oauth.redirectUris.has(input.redirectUri)) {
    throw new UserError('BAD_USER_INPUT', 'this address is not allowed', ['redirectUri']);
  }
  const userId = input.link ? (await prove(context, input.password)).id : null;
  await countStart(context);
  const attempt = await beginAttempt(context, {
    provider: provider.id,
    redirectUri: input.redirectUri,
    userId,
  });
  const url = await askProvider(provider, () => provider.authorizationUrl(attempt));
  return { url: url.href, attempt: attempt.secret };
}
