import type { Context } from '../context.ts';
import type { User } from '../models.ts';
import { hashSecret } from '../tokens/secret.ts';
import { hasSignedInFrom } from './known-networks.ts';
import { tooMany } from './limits.ts';
import { networkOf } from './network.ts';

/** A password that is about to be checked; counted as wrong until it proves right. */
export interface PasswordTry {
  wasWrong(): Promise<void>;
  wasRight(): Promise<void>;
}

/** Where wrong passwords for an account are counted, for `assessRisk`. */
export const failuresKey = (userId: string): string => `login-failures:${hashSecret(userId)}`;
/** Where the names are counted that a network tries to sign in by. */
export const namesKey = (network: string): string => `login-names:${network}`;

/**
 * Lets a password be checked, or throws RATE_LIMITED. Tries are counted before they are made, so that many at once are
 * no way around: for a name in its network, known or not; for a network; and for a name everywhere, after which only
 * networks go on that the account has signed in from, so that nobody locks its owner out.
 */
export async function tryPassword(context: Context, name: string, user: User | null): Promise<PasswordTry> {
  const { counts, limits } = context;
  const network = networkOf(context.caller.ip);
  const here = `login:${hashSecret(`${name} ${network}`)}`;
  const everywhere = `login-name:${hashSecret(name)}`;
  const ofNetwork = `login-net:${network}`;
  const count = (key: string, { withinMs }: { withinMs: number }) => counts.increment(key, 1, withinMs);

  const [triesHere, triesEverywhere, triesOfNetwork] = await Promise.all([
    count(here, limits.passwordsOfNameInNetwork),
    count(everywhere, limits.passwordsOfName),
    count(ofNetwork, limits.passwordsOfNetwork),
  ]);
  const what = 'wrong passwords';
  if (triesHere > limits.passwordsOfNameInNetwork.limit) throw tooMany(what, limits.passwordsOfNameInNetwork);
  if (triesOfNetwork > limits.passwordsOfNetwork.limit) throw tooMany(what, limits.passwordsOfNetwork);
  if (triesEverywhere > limits.passwordsOfName.limit && !(await hasSignedInFrom(context.db, user, network))) {
    throw tooMany(what, limits.passwordsOfName);
  }
  await countName(context, name, network);
  return {
    async wasWrong() {
      const failures = failuresKey(user?.id ?? name);
      await counts.increment(failures, 1, limits.passwordsOfName.withinMs);
    },
    async wasRight() {
      await Promise.all([
        counts.delete(here),
        counts.increment(everywhere, -1, limits.passwordsOfName.withinMs),
        counts.increment(ofNetwork, -1, limits.passwordsOfNetwork.withinMs),
      ]);
    },
  };
}

/** Each name counts once. */
async function countName({ counts, limits }: Context, name: string, network: string): Promise<void> {
  const { withinMs } = limits.passwordsOfName;
  if (await counts.setIfAbsent(`login-tried:${hashSecret(`${name} ${network}`)}`, '1', withinMs)) {
    await counts.increment(namesKey(network), 1, withinMs);
  }
}
