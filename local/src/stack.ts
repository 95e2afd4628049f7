import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { startAlbums } from '@volna/albums';
import { type AnalyticsOptions, startAnalytics } from '@volna/analytics';
import { type AnalyzeDeps, startAnalyze } from '@volna/analyze';
import { type CatalogOptions, startCatalog } from '@volna/catalog';
import { type Gateway, type GatewayOptions, startGateway } from '@volna/gateway';
import { type ImportDeps, startImport } from '@volna/import';
import { startNotify } from '@volna/notify';
import { readMailConfig } from '@volna/notify/mail-config';
import { openTransport } from '@volna/notify/open-transport';
import { readOutsideRules } from '@volna/platform/outside-url';
import { startPlayback } from '@volna/playback';
import { startSearch } from '@volna/search';
import type { MeaningSettings } from '@volna/search/meaning-settings';
import { startTranscode } from '@volna/transcode';
import { startUsers } from '@volna/users';
import { answerJwks } from '@volna/users/jwks-route';
import type { OAuthSettings } from '@volna/users/oauth';

import type { Backends } from './backends/index.ts';

const SUPERGRAPH = new URL(import.meta.resolve('@volna/gateway/supergraph'));
const EXAMPLES = new URL(import.meta.resolve('@volna/gateway/examples'));

/** Nobody reaches this process from outside, and whoever uses it may fill its library as fast as it can take it. */
const OWN_MACHINE = {
  stranger: { requests: 6_000, cost: 3_000_000 },
  user: { requests: 60_000, cost: 30_000_000 },
};
/** All that ask are of one network; names have their limits all the same. */
const OWN_NETWORK = { limit: 60_000, withinMs: 3_600_000 };

export interface StackOptions {
  readonly backends: Backends;
  readonly directory: string;
  readonly grantsKey: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Jobs at a time, of each worker. */
  readonly concurrency: number;
  /** False where transcode workers are processes of their own. */
  readonly transcodes?: boolean;
  /** The same of analyze workers. */
  readonly analyzes?: boolean;
  /** Whom accounts may sign in by; nobody unless told. */
  readonly oauth?: OAuthSettings;
  /** Where letters go; into the folder `mail` unless told. */
  readonly mail?: ReturnType<typeof readMailConfig>;
  /** A server that texts are searched by their meaning with; none unless told. */
  readonly textEmbeddings?: MeaningSettings | null;
  /** Where files may be fetched from by URL; from public addresses unless told. */
  readonly outside?: ImportDeps['outside'];
  /** Folders that an ADMIN may import from; none unless told. */
  readonly importRoots?: readonly string[];
  /** How the door differs from that of one's own machine. */
  readonly gateway?: Pick<GatewayOptions, 'production' | 'rateLimits' | 'socketLimits' | 'trustedProxies'>;
  readonly catalog?: Pick<CatalogOptions, 'policy' | 'leaseSeconds' | 'sweepEveryMs'>;
  readonly analyze?: Pick<AnalyzeDeps, 'modelsDirectory'>;
  readonly analytics?: Pick<AnalyticsOptions, 'popularityEveryMs' | 'checkEveryMs' | 'webhook'>;
}

export interface Stack extends AsyncDisposable {
  /** `http://127.0.0.1:4000` */
  readonly url: string;
  /** Where letters go. */
  readonly mail: string;
}

/** The whole platform in this process: what `npm start` runs and what the end-to-end tests drive. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { backends, grantsKey } = options;
  const { bus, cache, objects, vectors, servedObjects } = backends;
  await using started = new AsyncDisposableStack();
  let gateway: Gateway | undefined;
  const publicUrl = () => gateway?.url ?? '';

  const users = started.use(
    await startUsers({
      databaseUrl: backends.databaseUrl('users'),
      bus,
      cache,
      objects,
      limits: {
        registrationsOfNetwork: OWN_NETWORK,
        passwordsOfNetwork: OWN_NETWORK,
        resetsOfNetwork: OWN_NETWORK,
      },
      ...(options.oauth ? { oauth: options.oauth } : {}),
    }),
  );
  const catalog = started.use(
    await startCatalog({
      databaseUrl: backends.databaseUrl('catalog'),
      bus,
      cache,
      objects,
      singleProcess: options.transcodes ?? true,
      ...(options.outside ? { outside: options.outside } : {}),
      imports: { roots: options.importRoots },
      ...options.catalog,
    }),
  );
  const albums = started.use(
    await startAlbums({ databaseUrl: backends.databaseUrl('albums'), bus, objects }),
  );
  const playback = started.use(
    await startPlayback({
      databaseUrl: backends.databaseUrl('playback'),
      bus,
      objects,
      grantKey: grantsKey,
      publicUrl,
    }),
  );
  const search = started.use(
    await startSearch({
      databaseUrl: backends.databaseUrl('search'),
      bus,
      objects,
      vectors,
      cache,
      landmarksDirectory: join(options.directory, 'landmarks'),
      textEmbeddings: options.textEmbeddings ?? null,
    }),
  );
  const analytics = started.use(
    await startAnalytics({
      databaseUrl: backends.databaseUrl('analytics'),
      bus,
      objects,
      ...options.analytics,
    }),
  );
  const { mail } = await startWorkers(started, options);

  gateway = started.use(
    await startGateway({
      supergraphSdl: await readFile(SUPERGRAPH, 'utf8'),
      exampleDocument: await readFile(EXAMPLES, 'utf8'),
      subgraphs: [users, catalog, albums, playback, search, analytics].map(({ subgraph }) => subgraph),
      jwks: users.jwks,
      cache,
      rateLimits: OWN_MACHINE,
      host: '127.0.0.1',
      port: options.port,
      routes: [
        answerJwks(users),
        playback.streamer,
        ...(servedObjects ? [servedObjects.handle.bind(servedObjects)] : []),
      ],
      ...options.gateway,
    }),
  );
  servedObjects?.setBaseUrl(gateway.url);
  const running = started.move();
  return { url: gateway.url, mail, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

async function startWorkers(
  started: AsyncDisposableStack,
  { backends, directory, concurrency, transcodes = true, analyzes = true, mail, ...options }: StackOptions,
): Promise<{ readonly mail: string }> {
  const { bus, cache, objects, ffmpeg, ffprobe } = backends;
  if (transcodes) started.use(await startTranscode({ bus, objects, ffmpeg, ffprobe, concurrency }));
  const headsFile = join(directory, 'heads.json');
  if (analyzes)
    started.use(await startAnalyze({ bus, objects, cache, concurrency, headsFile, ...options.analyze }));
  const { outside = readOutsideRules(), importRoots: roots = [] } = options;
  started.use(await startImport({ bus, objects, outside, roots }));
  const folder = { MAIL_DIRECTORY: join(directory, 'mail') };
  const transport = started.use(openTransport({ ...(mail ?? readMailConfig(folder)), ...folder }));
  started.use(await startNotify({ bus, transport }));
  return { mail: transport.description };
}
