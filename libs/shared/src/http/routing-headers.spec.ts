import { ROUTING_HEADERS, routingHeaders } from './routing-headers.js';

describe('the routing headers of a request', () => {
  it('are null when there are none', () => {
    expect(routingHeaders({ host: 'localhost', 'x-llmhub-strict': 'true' })).toBeNull();
  });

  it('are told as they came, also empty ones', () => {
    expect(routingHeaders({ 'x-llmhub-tags': ' a, b', 'x-llmhub-timeout-ms': '', accept: '*/*' })).toEqual({
      tags: ' a, b',
      timeoutMs: '',
    });
  });

  it('are all of those that are named', () => {
    const headers = Object.fromEntries(Object.values(ROUTING_HEADERS).map(name => [name, name]));
    expect(routingHeaders(headers)).toEqual(ROUTING_HEADERS);
  });
});
