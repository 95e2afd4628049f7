import { Client } from 'pg';

export interface Statements extends Disposable {
  readonly texts: string[];
}

/** Every statement that this process sends to PostgreSQL until it is disposed, on whatever connection. */
export function watchStatements(): Statements {
  const texts: string[] = [];
  const { prototype } = Client;
  // oxlint-disable-next-line typescript/unbound-method -- called with the client that it is of
  const { query } = prototype;
  function watched(this: Client, ...args: Parameters<typeof query>) {
    const [first] = args as unknown[];
    texts.push(typeof first === 'string' ? first : (first as { text: string }).text);
    return query.apply(this, args);
  }
  prototype.query = watched as typeof query;
  return {
    texts,
    [Symbol.dispose]() {
      prototype.query = query;
    },
  };
}
