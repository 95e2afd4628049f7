import { describe, expect, it } from '@jest/globals';

import { readGatewayConfig } from './config.ts';

const file = {
  subgraphs: {
    users: { routing_url: 'http://127.0.0.1:4001/graphql', schema: { file: 'users.graphql' } },
    'play-back': { routing_url: 'http://127.0.0.1:4004/graphql', schema: { file: 'playback.graphql' } },
    node: { routing_url: 'internal://node', schema: { file: 'node.graphql' } },
  },
};
const policy = { timeoutMs: undefined, retries: 2, failures: 5, coolDownMs: 1000 };
const env = { INTERNAL_KEY: 'k'.repeat(32), JWKS_URL: 'http://users:4001/.well-known/jwks.json' };

describe('the settings of the gateway', () => {
  it('take the URLs of subgraphs from supergraph.yaml', () => {
    const config = readGatewayConfig(env, file);
    expect(config).toMatchObject({
      GATEWAY_PORT: 4000,
      GATEWAY_HOST: '127.0.0.1',
      CORS_ORIGINS: [],
      production: false,
    });
    expect(config.remotes).toEqual([
      { name: 'users', urls: ['http://127.0.0.1:4001/graphql'], policy },
      { name: 'play-back', urls: ['http://127.0.0.1:4004/graphql'], policy },
    ]);
  });

  it('hold a policy for all subgraphs and others for some (S2.1.7)', () => {
    const config = readGatewayConfig(
      { ...env, SUBGRAPH_TIMEOUT_MS: '3000', SUBGRAPH_RETRIES: '1', SUBGRAPH_PLAY_BACK_RETRIES: '0' },
      file,
    );
    expect(config.remotes.map((remote) => remote.policy)).toEqual([
      { ...policy, timeoutMs: 3000, retries: 1 },
      { ...policy, timeoutMs: 3000, retries: 0 },
    ]);
    expect(() => readGatewayConfig({ ...env, SUBGRAPH_USERS_RETRIES: '50' }, file)).toThrow(
      'SUBGRAPH_USERS_RETRIES',
    );
  });

  it('let the environment name others, several for one subgraph', () => {
    const config = readGatewayConfig(
      {
        ...env,
        NODE_ENV: 'production',
        CORS_ORIGINS: 'https://a.example, https://b.example',
        SUBGRAPH_PLAY_BACK_URL: 'http://p1/graphql,http://p2/graphql',
      },
      file,
    );
    expect(config.remotes[1]?.urls).toEqual(['http://p1/graphql', 'http://p2/graphql']);
    expect(config.CORS_ORIGINS).toEqual(['https://a.example', 'https://b.example']);
    expect(config.production).toBe(true);
  });

  it('hold what one caller may ask for in a minute', () => {
    const { rateLimits } = readGatewayConfig(
      { ...env, RATE_LIMIT_USER: '900', CLIENT_LIMITS: 'backup=0.2, old app = 0' },
      file,
    );
    expect(rateLimits).toEqual({
      stranger: { requests: 100, cost: 50_000 },
      user: { requests: 900, cost: 300_000 },
      clients: { backup: 0.2, 'old app': 0 },
    });
    for (const wrong of ['backup', 'backup=2', '=1'])
      expect(() => readGatewayConfig({ ...env, CLIENT_LIMITS: wrong }, file)).toThrow('CLIENT_LIMITS');
    // no operation of the largest allowed cost could ever run
    expect(() => readGatewayConfig({ ...env, COST_LIMIT_USER: '100' }, file)).toThrow('COST_LIMIT_USER');
  });

  it('are refused where one is missing, wrong, or left as the example has it', () => {
    expect(() => readGatewayConfig({}, file)).toThrow(/INTERNAL_KEY[^]*JWKS_URL/);
    expect(() => readGatewayConfig({ ...env, SUBGRAPH_USERS_URL: 'ftp://x' }, file)).toThrow(
      'SUBGRAPH_USERS_URL',
    );
    expect(() => readGatewayConfig({ ...env, INTERNAL_KEY: `change-me${'x'.repeat(32)}` }, file)).toThrow(
      'INTERNAL_KEY',
    );
  });
});
