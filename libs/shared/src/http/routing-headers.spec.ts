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

  it.each(['x-llmhub-max-attemps', 'x-llmhub-timeout', 'x-llmhub-', 'x-llmhub-__proto__', 'x-llmhub-cost'])(
    'are refused by name when nobody knows them: %s',
    name => {
      expect(() => routingHeaders({ accept: '*/*', [name]: '1' })).toThrow(
        expect.objectContaining({
          status: 400,
          param: name,
          message: expect.stringMatching(
            new RegExp(
              `'${name}' is not known here\\. Use x-llmhub-models, .*, x-llmhub-strict, x-llmhub-user\\.$`,
            ),
          ),
        }),
      );
    },
  );

  it('do not mind what an answer said of itself', () => {
    const names = ['attempts', 'cost-usd', 'model', 'route', 'simulated', 'warnings', 'upstream-request-id'];
    const headers = Object.fromEntries(names.map(name => [`x-llmhub-${name}`, 'anything']));
    expect(routingHeaders(headers)).toBeNull();
  });
});
