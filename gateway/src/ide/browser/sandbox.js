// Apollo Sandbox with everything of this gateway set; its frame asks this page to send the requests.
import { ApolloSandbox } from '@apollo/sandbox';

const endpoint = `${location.origin}/graphql`;

export const sandbox = new ApolloSandbox({
  target: '#sandbox',
  initialEndpoint: endpoint,
  initialSubscriptionEndpoint: endpoint.replace(/^http/, 'ws'),
  endpointIsEditable: false,
  runTelemetry: false,
  initialState: {
    document: JSON.parse(document.querySelector('#example').textContent),
    pollForSchemaUpdates: false,
  },
});
