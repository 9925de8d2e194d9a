import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readConfig } from '@app/shared';
import { eventually } from '../../../../test/support/eventually.js';
import { testServiceAccount } from '../../../../test/support/service-account.js';
import { TestClock } from '../../../../test/support/test-clock.js';
import { vertex } from '../catalog/vertex.provider.js';
import { EgressGuard } from '../client/egress-guard.js';
import { AccessTokens } from './access-tokens.js';
import { serviceAccount } from './service-account.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;

describe('the tokens that keys buy', () => {
  const guard = new EgressGuard(readConfig({ AI_GATEWAY_EGRESS_ALLOW: '127.0.0.1' }));
  let server: Server;
  let url: string;
  let key: string;
  let answer: RequestListener;
  let sold: number;
  let clock: TestClock;
  let tokens: AccessTokens;

  beforeAll(async () => {
    server = createServer((request, response) => {
      request.resume().on('end', () => answer(request, response));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
    key = testServiceAccount(url).key;
  });
  afterAll(async () => {
    await guard.onApplicationShutdown();
    server.closeAllConnections();
    server.close();
  });

  beforeEach(() => {
    sold = 0;
    clock = new TestClock();
    tokens = new AccessTokens(guard, clock);
    answer = (_request, response) => {
      sold++;
      response.end(JSON.stringify({ access_token: `t-${sold}`, expires_in: 3600, token_type: 'Bearer' }));
    };
  });

  const ask = (apiKey = key) => tokens.endpointOf(vertex, serviceAccount, apiKey);
  const shown = async (apiKey?: string) => (await ask(apiKey)).headers['authorization'];
  const refuse = (): void => {
    answer = (_request, response) => {
      sold++;
      response.writeHead(503).end('<html>');
    };
  };

  it('are shown in the key’s place, at the address of the key’s project', async () => {
    expect(await ask()).toEqual({
      baseUrl: 'https://aiplatform.googleapis.com/v1/projects/my-project/locations/global',
      apiKey: 't-1',
      headers: { authorization: 'Bearer t-1' },
    });
  });

  it('are bought once, by however many at a time, and kept until shortly before their end', async () => {
    await Promise.all([ask(), ask(), ask()]);
    clock.advance(HOUR - 5 * MINUTE - 1);

    expect(await shown()).toBe('Bearer t-1');
    expect(sold).toBe(1);
  });

  it('are renewed in the last five minutes, while the old one goes on', async () => {
    await ask();
    clock.advance(HOUR - 4 * MINUTE);

    expect(await shown()).toBe('Bearer t-1');
    await eventually(async () => expect(await shown()).toBe('Bearer t-2'));
    expect(sold).toBe(2);
  });

  it('outlive a failing renewal, tried again ten seconds later, and not each time', async () => {
    await ask();
    refuse();
    clock.advance(HOUR - 4 * MINUTE);
    await ask();
    await eventually(() => expect(sold).toBe(2));

    expect(await shown()).toBe('Bearer t-1');
    expect(sold).toBe(2);
    clock.advance(10_000);
    await eventually(async () => {
      expect(await shown()).toBe('Bearer t-1');
      expect(sold).toBe(3);
    });
    clock.advance(5 * MINUTE);
    await expect(ask()).rejects.toMatchObject({ status: 503, code: 'no_access_token' });
  });

  it('are bought again after a failure, and belong to one key each', async () => {
    refuse();
    await expect(ask()).rejects.toMatchObject({ retryable: true });
    answer = (_request, response) => response.end('{"access_token":"other","expires_in":60}');

    expect(await shown()).toBe('Bearer other');
    answer = (_request, response) => response.end('{"access_token":"another","expires_in":3600}');
    expect(await shown(testServiceAccount(url).key)).toBe('Bearer another');
  });

  it.each<[string, RequestListener, object]>([
    [
      'refuses the account',
      (_, response) =>
        response
          .writeHead(400)
          .end('{"error":"invalid_grant","error_description":"Invalid grant: account not found: a@b.c"}'),
      {
        upstreamStatus: 401,
        retryable: false,
        message:
          "The gateway's key bought no token for 'vertex' (status 400, invalid_grant). Check the key and its account.",
      },
    ],
    ['is overloaded', (_, response) => response.writeHead(429).end(), { status: 429, retryable: true }],
    ['answers a web page', (_, response) => response.end('<html>'), { status: 502 }],
    ['answers without a token', (_, response) => response.end('{"expires_in":3600}'), { status: 502 }],
    ['answers null', (_, response) => response.end('null'), { status: 502 }],
    [
      'sends somebody else',
      (_, response) => response.writeHead(302, { location: 'http://127.0.0.1/x' }).end(),
      { status: 502, message: expect.stringContaining('Correct token_uri') },
    ],
    ['hangs up', (_, response) => response.destroy(), { status: 502, code: 'no_access_token' }],
  ])('are missed clearly when Google %s', async (_, how, error) => {
    answer = how;

    await expect(ask()).rejects.toMatchObject(error);
  });

  it('are not asked for inside the network unless the operator allows it', async () => {
    const strict = new EgressGuard(readConfig({}));
    try {
      await expect(
        new AccessTokens(strict, clock).endpointOf(vertex, serviceAccount, key),
      ).rejects.toMatchObject({ status: 502, message: expect.stringContaining('AI_GATEWAY_EGRESS_ALLOW') });
      expect(sold).toBe(0);
    } finally {
      await strict.onApplicationShutdown();
    }
  });
});
