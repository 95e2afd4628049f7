import type { BackendsConfig } from './config.ts';

export const SERVICES = ['users', 'catalog', 'albums', 'playback', 'search', 'analytics'] as const;
export type ServiceName = (typeof SERVICES)[number];

export interface BackendsOptions {
  readonly config: BackendsConfig;
  readonly directory: string;
  readonly objectsKey: string;
  /** Trades durability for speed; for tests. */
  readonly fast?: boolean;
  /** Databases that are there already, instead of those of the named server or of our own. */
  readonly databaseUrl?: (service: ServiceName) => string;
  readonly tell: (what: string) => void;
}

/** Host and port of a server, without its credentials. */
export function hostOf(url: string): string {
  return new URL(url).host;
}
