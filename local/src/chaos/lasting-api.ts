import { LoginDocument } from '@volna/gateway/client';

import { type Api, openApi } from '../client/api.ts';
import type { Account } from '../testing/listener.ts';

/** Less than an access token lives. */
const RENEW_AFTER_MS = 10 * 60_000;

/** An account's API for a storm that outlasts an access token: its holder signs in anew in time, as clients do. */
export function openLastingApi(endpoint: string, { username, password, api }: Account): Api {
  let [current, since] = [api, Date.now()];
  let renewing: Promise<void> | undefined;

  async function renew(): Promise<void> {
    const { login } = await openApi(endpoint).ask(LoginDocument, { input: { login: username, password } });
    if (!login.session) throw new Error(JSON.stringify(login.errors));
    [current, since] = [openApi(endpoint, login.session.accessToken), Date.now()];
  }

  /** All that come at once wait for one sign-in; where it fails, whoever comes again tries again. */
  async function latest(): Promise<Api> {
    if (Date.now() - since > RENEW_AFTER_MS)
      await (renewing ??= renew().finally(() => {
        renewing = undefined;
      }));
    return current;
  }

  return {
    ask: async (document, variables) => (await latest()).ask(document, variables),
    async *watch(document, variables) {
      yield* (await latest()).watch(document, variables);
    },
  };
}
