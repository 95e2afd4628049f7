import { S3Objects } from '@volna/platform/objects-s3';

import { nameOfDatabase } from '../backends/open-databases.ts';
import type { ServiceName } from '../backends/options.ts';
import { type Deployment, type DeploymentOptions, openDeployment } from '../testing/deployment.ts';
import { openArtist, signUp } from '../testing/listener.ts';
import { openLastingApi } from './lasting-api.ts';
import type { ScenarioContext } from './scenario.ts';
import type { Site } from './site.ts';

/** One process each, and somebody who has an account and a page. */
export interface DeployedSite extends Site, AsyncDisposable {
  readonly volna: Deployment;
}

const NO_LIMITS = {
  RATE_LIMIT_STRANGER: '1000000',
  RATE_LIMIT_USER: '1000000',
  COST_LIMIT_STRANGER: '100000000',
  COST_LIMIT_USER: '100000000',
  UPLOAD_MAX_OPEN: '1000',
};

export async function openSite(
  { programs }: Pick<ScenarioContext, 'programs'>,
  options: DeploymentOptions = {},
): Promise<DeployedSite> {
  await using opened = new AsyncDisposableStack();
  const settings = { ...NO_LIMITS, ...options.settings };
  const volna = opened.use(
    await openDeployment(programs, { ...options, settings, serversFirst: true, isDurable: true }),
  );
  const objects = opened.use(
    await S3Objects.open({
      endpoint: volna.objectsUrl,
      region: 'us-east-1',
      bucket: volna.settings['S3_BUCKET'] ?? '',
      accessKeyId: volna.settings['S3_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: volna.settings['S3_SECRET_ACCESS_KEY'] ?? '',
      forcePathStyle: true,
    }),
  );
  const account = await signUp(volna.endpoint);
  const owner = { ...account, api: openLastingApi(volna.endpoint, account) };
  const artistId = await openArtist(owner, 'Storm Petrel');
  const running = opened.move();
  return {
    volna,
    endpoint: volna.endpoint,
    owner,
    artistId,
    objects,
    databaseUrl: (service: ServiceName) => volna.servers.databaseUrl(nameOfDatabase(service)),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
