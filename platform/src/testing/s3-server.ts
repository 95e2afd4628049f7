import { buildApp } from 'fauxqs';

export interface S3Server extends AsyncDisposable {
  readonly endpoint: string;
}

/** An S3 server from npm, in this process; a free port for 0. It checks no signatures. */
export async function openS3Server(port = 0): Promise<S3Server> {
  const app = buildApp({ logger: false });
  const endpoint = await app.listen({ port, host: '127.0.0.1' });
  return {
    endpoint,
    async [Symbol.asyncDispose]() {
      await app.close();
    },
  };
}
