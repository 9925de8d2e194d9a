import { IdempotencySweep, KeptAnswerRepository, recordIdOf } from '@app/idempotency';
import { ProjectSweep } from '@app/projects';
import { Clock } from '@app/shared';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { holdClock } from './support/held-clock.js';
import { isReplayed, newKey, tell, VECTOR } from './support/idempotency-keys.js';
import { postJson } from './support/post-json.js';
import { rawRequest, statusesOf } from './support/raw-request.js';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
beforeEach(() => gateway.simulator.reset());
afterAll(() => gateway?.stop());

const upstreamCalls = (): number => gateway.simulator.requests().length;

/** A new key, for a new project with such limits. */
async function limited(limits: object): Promise<Record<string, string>> {
  const { body } = await gateway.admin<{ id: string; apiKey: string }>('POST', '/admin/projects', {
    name: 'limited',
    ...limits,
  });
  return { ...newKey().headers, authorization: `Bearer ${body.apiKey}` };
}

describe('a key', () => {
  it('is one project’s own', async () => {
    const { body } = await gateway.admin<{ apiKey: string }>('POST', '/admin/projects', { name: 'other' });
    const { headers } = newKey();
    const first = await tell(gateway, '/v1/embeddings', VECTOR, headers);
    const others = { ...headers, authorization: `Bearer ${body.apiKey}` };
    const second = await tell(gateway, '/v1/embeddings', { ...VECTOR, input: 'coffee' }, others);

    expect([first.status, second.status]).toEqual([200, 200]);
    expect(isReplayed(second)).toBe(false);
    expect(upstreamCalls()).toBe(2);
  });

  it('does not open to a limited API key what another was answered', async () => {
    const at = `/admin/projects/${gateway.projectId}/api-keys`;
    const narrow = { name: 'narrow', allowedModels: ['anthropic/*'] };
    const { body } = await gateway.admin<{ key: string }>('POST', at, narrow);
    const { headers } = newKey();
    const first = await tell(gateway, '/v1/embeddings', VECTOR, headers);
    const authorization = `Bearer ${body.key}`;
    const second = await tell(gateway, '/v1/embeddings', VECTOR, { ...headers, authorization });
    const own = await tell(gateway, '/v1/embeddings', VECTOR, { ...newKey().headers, authorization });

    expect([first.status, second.status, own.status]).toEqual([200, 409, 403]);
  });

  it('means nothing in a GET, and nothing in the management API', async () => {
    const { headers } = newKey();
    await tell(gateway, '/v1/embeddings', VECTOR, headers);
    const models = await gateway.call('/v1/models', { headers });
    const made = await Promise.all(
      [1, 2].map(() =>
        fetch(`${gateway.url}/admin/projects`, {
          method: 'POST',
          headers: { ...gateway.adminHeaders, ...headers },
          body: '{"name":"twice"}',
        }),
      ),
    );

    expect([models.status, ...made.map(({ status }) => status)]).toEqual([200, 201, 201]);
    const [one, two] = await Promise.all(made.map(response => response.json() as Promise<{ id: string }>));
    expect(one?.id).not.toBe(two?.id);
  });

  it('goes with calls of other origins, too, whose pages may read the answer', async () => {
    const own = await startGateway({ AI_GATEWAY_CORS_ORIGINS: 'https://app.example' });
    const headers = { ...newKey().headers, origin: 'https://app.example' };
    try {
      const answers = [await postJson(own, '/v1/embeddings', VECTOR, headers)];
      answers.push(await postJson(own, '/v1/embeddings', VECTOR, headers));
      answers.push(await postJson(own, '/v1/embeddings', { model: 'x' }, headers));

      expect(answers.map(({ status }) => status)).toEqual([200, 200, 409]);
      for (const answer of answers) {
        expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example');
      }
    } finally {
      await own.stop();
    }
  });

  it('works over plain sockets, with chunks and HTTP/1.0', async () => {
    const body = JSON.stringify(VECTOR);
    const head = (version: string, framing: string): string =>
      `POST /v1/embeddings HTTP/${version}\r\nauthorization: Bearer ${gateway.projectKey}\r\n` +
      `content-type: application/json\r\nIDEMPOTENCY-KEY: over-sockets\r\nconnection: close\r\n${framing}\r\n\r\n`;
    const first = await rawRequest(
      gateway.url,
      `${head('1.1', 'host: x\r\ntransfer-encoding: chunked')}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    );
    const second = await rawRequest(gateway.url, `${head('1.0', `content-length: ${body.length}`)}${body}`);

    expect([statusesOf(first), statusesOf(second)]).toEqual([[200], [200]]);
    expect(second).toContain('idempotent-replayed: true');
    expect(second.split('\r\n\r\n')[1]).toBe(first.split('\r\n\r\n')[1]);
    expect(upstreamCalls()).toBe(1);
  });
});

describe('a repeated call', () => {
  it('is one request more of its project, and the first one is one', async () => {
    const headers = await limited({ requestsPerMinute: 2 });
    const told = [
      await tell(gateway, '/v1/embeddings', VECTOR, headers),
      await tell(gateway, '/v1/embeddings', VECTOR, headers),
      await tell(gateway, '/v1/embeddings', VECTOR, headers),
    ];

    expect(told.map(({ status }) => status)).toEqual([200, 200, 429]);
    const left = told.map(one => one.headers.get('x-ratelimit-remaining-requests'));
    expect(left).toEqual(['1', '0', '0']);
  });

  it('is open once, also where one call may be open', async () => {
    const headers = await limited({ concurrentCalls: 1 });
    const statuses: number[] = [];
    for (let calls = 0; calls < 3; calls++) {
      statuses.push((await tell(gateway, '/v1/embeddings', VECTOR, headers)).status);
    }

    expect(statuses).toEqual([200, 200, 200]);
  });

  it('begins no second response in the background', async () => {
    const { headers } = newKey();
    const asked = { model: 'anthropic/claude-sonnet-5', input: 'Tea?', background: true };
    const first = await tell(gateway, '/v1/responses', asked, headers);
    const second = await tell(gateway, '/v1/responses', asked, headers);
    const { id } = JSON.parse(first.body) as { id: string };
    await eventually(async () => {
      const response = await gateway.call(`/v1/responses/${id}`);
      await expect(response.json()).resolves.toMatchObject({ status: 'completed' });
    });

    expect(second.body).toBe(first.body);
    expect(upstreamCalls()).toBe(1);
  });
});

describe('what is kept', () => {
  it('goes when its time is over, and is swept', async () => {
    const own = await startGateway({ AI_GATEWAY_IDEMPOTENCY_TTL_MS: '60000' });
    try {
      const clock = holdClock(own.app.get(Clock));
      const { headers } = newKey();
      const ask = async (input: string): Promise<string | null> => {
        const response = await postJson(own, '/v1/embeddings', { ...VECTOR, input }, headers);
        await response.text();
        return response.headers.get('idempotent-replayed') ?? String(response.status);
      };
      const kept = own.app.get(KeptAnswerRepository);
      const id = recordIdOf(own.projectId, String(headers['Idempotency-Key']));
      await ask('tea');
      await eventually(async () =>
        expect(await kept.findById(id, Date.now())).toMatchObject({ state: 'kept' }),
      );
      clock.advance(59_999);
      await expect(ask('tea')).resolves.toBe('true');
      await expect(ask('coffee')).resolves.toBe('409');
      clock.advance(1);
      await expect(ask('coffee')).resolves.toBe('200');
      expect(own.simulator.requests()).toHaveLength(2);

      const stored = (): Promise<unknown[]> => kept.listSealed(10);
      await eventually(async () => expect(await stored()).toHaveLength(1));
      clock.advance(60_000);
      await own.app.get(IdempotencySweep).run();
      await expect(stored()).resolves.toEqual([]);
    } finally {
      await own.stop();
    }
  });

  it('goes with its project', async () => {
    const own = await startGateway({ AI_GATEWAY_PROJECT_GRACE_MS: '0' });
    try {
      await (await postJson(own, '/v1/embeddings', VECTOR, newKey().headers)).text();
      const stored = (): Promise<unknown[]> => own.app.get(KeptAnswerRepository).listSealed(10);
      await eventually(async () => expect(await stored()).toHaveLength(1));
      await own.admin('DELETE', `/admin/projects/${own.projectId}`);
      await own.app.get(ProjectSweep).run();
      await expect(stored()).resolves.toEqual([]);
    } finally {
      await own.stop();
    }
  });
});
