import type { OAuthSettings } from './config.ts';
import { githubProvider } from './github.ts';
import { openIdProvider } from './openid.ts';
import type { Provider } from './provider.ts';

/** The places that accounts sign in by, as configured. */
export interface OAuth {
  readonly providers: ReadonlyMap<string, Provider>;
  readonly redirectUris: ReadonlySet<string>;
}

export function openOAuth({ providers, redirectUris }: OAuthSettings): OAuth {
  const opened = providers.map((settings) =>
    settings.kind === 'github' ? githubProvider(settings) : openIdProvider(settings),
  );
  return {
    providers: new Map(opened.map((provider) => [provider.id, provider])),
    redirectUris: new Set(redirectUris),
  };
}

/** A provider that is not offered any more keeps its id for a name. */
export function describeProvider({ providers }: OAuth, id: string): { id: string; name: string } {
  return { id, name: providers.get(id)?.name ?? id };
}
