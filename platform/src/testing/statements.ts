import { Client } from 'pg';

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

export interface Statements extends Disposable {
  readonly texts: string[];
  readonly sent: Statement[];
}

/** Every statement that this process sends to PostgreSQL until it is disposed, on whatever connection. */
export function watchStatements(): Statements {
  const texts: string[] = [];
  const sent: Statement[] = [];
  const { prototype } = Client;
  // oxlint-disable-next-line typescript/unbound-method -- called with the client that it is of
  const { query } = prototype;
  function watched(this: Client, ...args: Parameters<typeof query>) {
    const [first, second] = args as unknown[];
    const { text, values } =
      typeof first === 'string' ? { text: first, values: second } : (first as Statement);
    texts.push(text);
    sent.push({ text, values: Array.isArray(values) ? values : [] });
    return query.apply(this, args);
  }
  prototype.query = watched as typeof query;
  return {
    texts,
    sent,
    [Symbol.dispose]() {
      prototype.query = query;
    },
  };
}
