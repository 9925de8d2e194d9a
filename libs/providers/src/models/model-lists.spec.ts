import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Metrics, readConfig } from '@app/shared';
import { TestClock } from '../../../../test/support/test-clock.js';
import { anthropic } from '../catalog/anthropic.provider.js';
import { groq } from '../catalog/groq.provider.js';
import { VendorClient } from '../client/vendor.client.js';
import { endpointWith } from '../vendor.js';
import { ModelLists } from './model-lists.js';

describe('the lists of models', () => {
  const client = new VendorClient(readConfig({ AI_GATEWAY_UPSTREAM_TIMEOUT_MS: '300' }), new Metrics());
  const seen: string[] = [];
  let clock: TestClock;
  let lists: ModelLists;
  let server: Server;
  let url: string;
  let answer: RequestListener;

  beforeAll(async () => {
    server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers['authorization']}`);
      answer(request, response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    await client.onApplicationShutdown();
    server.closeAllConnections();
    server.close();
  });

  beforeEach(() => {
    seen.length = 0;
    clock = new TestClock();
    lists = new ModelLists(client, clock);
    answer = (_request, response) => response.end(JSON.stringify({ data: [{ id: 'a' }] }));
  });

  const ask = (key = 'k', freshMs?: number) =>
    lists.of(groq, endpointWith({ ...groq, baseUrl: `${url}/v1` }, key), freshMs);

  it('are asked for once, by however many at a time, and remembered for ten minutes', async () => {
    await Promise.all([ask(), ask(), ask()]);
    clock.advance(599_999);
    expect(await ask()).toMatchObject({ models: [{ id: 'a' }], failure: null });
    expect(seen).toEqual(['GET /v1/models Bearer k']);

    clock.advance(1);
    await ask();
    expect(seen).toHaveLength(2);
  });

  it('are asked for again by those who want to know sooner', async () => {
    await ask();
    clock.advance(1000);
    await ask('k', 1000);

    expect(seen).toHaveLength(2);
  });

  it('belong to the key they were asked for with', async () => {
    await ask('one');
    await ask('two');

    expect(seen).toEqual(['GET /v1/models Bearer one', 'GET /v1/models Bearer two']);
  });

  it('outlive a failure, which is told, and not asked for again at once', async () => {
    await ask();
    clock.advance(600_000);
    answer = (_request, response) => response.writeHead(503).end('<html>');

    const stale = await ask();
    expect(stale.models).toEqual([{ id: 'a' }]);
    expect(stale.failure).toBe("The vendor 'groq' answered status 503 without saying why.");

    clock.advance(29_999);
    await ask();
    expect(seen).toHaveLength(2);
    clock.advance(1);
    await ask();
    expect(seen).toHaveLength(3);
  });

  it.each<[string, RequestListener, string]>([
    ['refuses the key', (_, response) => response.writeHead(401).end('{}'), 'refused the gateway'],
    ['answers a web page', (_, response) => response.end('<html>'), 'is no list of models'],
    ['answers something else', (_, response) => response.end('{"data": 7}'), 'is no list of models'],
    ['says nothing', () => undefined, 'did not answer within'],
    ['hangs up', (_, response) => response.destroy(), 'cannot be reached'],
  ])('say so when a vendor %s', async (_, how, words) => {
    answer = how;

    const { models, failure } = await ask();
    expect(models).toEqual([]);
    expect(failure).toContain(words);
  });

  it('come page by page, with the headers that the dialect demands', async () => {
    answer = (request, response) => {
      const isFirst = !request.url?.includes('after_id');
      const id = isFirst ? 'claude-a' : 'claude-b';
      response.end(JSON.stringify({ data: [{ id }], has_more: isFirst, last_id: id }));
      expect(request.headers['anthropic-version']).toBe('2026-10-21');
    };
    const { models } = await lists.of(anthropic, endpointWith({ ...anthropic, baseUrl: url }, 'k'));

    expect(models.map(({ id }) => id)).toEqual(['claude-a', 'claude-b']);
    expect(seen).toHaveLength(2);
  });
});
