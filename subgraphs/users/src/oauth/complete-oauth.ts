import { UserError } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import type { CompleteOAuthInput } from '../generated/graphql.ts';
import type { OAuthAttempt } from '../generated/prisma/client.ts';
import type { OAuthIdentity, Session } from '../models.ts';
import { askProvider, refusal } from './ask-provider.ts';
import { claimAttempt } from './attempts.ts';
import { linkIdentity } from './link-identity.ts';
import type { ProviderAccount } from './provider.ts';
import { signInByProvider } from './sign-in-by-provider.ts';
import { countFailure } from './tries.ts';

/** Ends what startOAuth began: a session, or a linked provider. */
export async function completeOAuth(
  context: Context,
  input: CompleteOAuthInput,
): Promise<{ session: Session | null; identity: OAuthIdentity | null }> {
  const failure = await countFailure(context);
  const { attempt, account } = await identify(context, input);
  await failure.wasRight();
  if (attempt.userId === null) {
    return { session: await signInByProvider(context, attempt.provider, account), identity: null };
  }
  return { session: null, identity: await linkIdentity(context, attempt.userId, attempt.provider, account) };
}

async function identify(
  context: Context,
  input: CompleteOAuthInput,
): Promise<{ attempt: OAuthAttempt; account: ProviderAccount }> {
  const attempt = await claimAttempt(context, input.state, input.attempt);
  const provider = context.oauth.providers.get(attempt.provider);
  if (!provider) throw new UserError('OAUTH_FAILED', 'this provider is not offered any more');
  const { code, error } = input;
  if (!code) throw refusal(provider, error);
  const request = { ...attempt, state: input.state };
  const answer = answerUrl(attempt.redirectUri, { code, state: input.state, iss: input.iss });
  return { attempt, account: await askProvider(provider, () => provider.identify(request, answer)) };
}

/** The address that the provider sent the browser to. */
function answerUrl(
  redirectUri: string,
  parameters: Readonly<Record<string, string | null | undefined>>,
): URL {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(parameters)) {
    if (value) url.searchParams.set(name, value);
  }
  return url;
}
