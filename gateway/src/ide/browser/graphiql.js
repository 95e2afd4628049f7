// GraphiQL over the gateway's own transports: HTTP for queries and mutations, graphql-ws for subscriptions.
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { getOperationAST, OperationTypeNode, parse } from 'graphql';
import { createClient } from 'graphql-ws';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';

const WORKERS = { json: 'json.worker', graphql: 'graphql.worker' };

globalThis.MonacoEnvironment = {
  getWorker: (_id, label) => new Worker(`/ide/${WORKERS[label] ?? 'editor.worker'}.js`),
};

const http = createGraphiQLFetcher({ url: '/graphql' });
const socketUrl = `${location.origin.replace(/^http/, 'ws')}/graphql`;

function isSubscription({ query, operationName }) {
  try {
    return getOperationAST(parse(query), operationName)?.operation === OperationTypeNode.SUBSCRIPTION;
  } catch {
    return false;
  }
}

function fetcher(operation, options) {
  if (!isSubscription(operation)) return http(operation, options);
  // what stands in the Headers tab is sent in connection_init, since a page cannot give a socket headers
  const client = createClient({ url: socketUrl, connectionParams: options?.headers ?? {}, retryAttempts: 0 });
  return client.iterate(operation);
}

const defaultQuery = JSON.parse(document.querySelector('#example').textContent) || undefined;
const defaultHeaders = `{
  // what Login gives as accessToken; take the slashes away
  // "authorization": "Bearer …"
}`;
createRoot(document.querySelector('#graphiql')).render(
  createElement(GraphiQL, {
    fetcher,
    defaultQuery,
    defaultHeaders,
    defaultEditorToolsVisibility: 'headers',
  }),
);
