import { startGateway, type TestGateway } from './support/gateway.js';

interface Status {
  readonly id: string;
  readonly name: string;
  readonly baseUrl: string;
  readonly configured: boolean;
  readonly key: string;
  readonly reachable: boolean | null;
  readonly lastError: string | null;
  readonly checkedAt: string | null;
}

interface Page {
  readonly data: Status[];
  readonly next: string | null;
}

const WRONG_KEY = 'bad-key';

describe('GET /admin/providers', () => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await startGateway({
      AI_GATEWAY_PROVIDERS_OLLAMA_BASE_URL: 'http://user:hidden@127.0.0.1:1/v1?token=hidden',
    });
  });
  afterAll(() => gateway.stop());

  const pageAt = async (query = ''): Promise<Page> =>
    (await gateway.admin<Page>('GET', `/admin/providers${query}`)).body;

  it('says of every vendor whether it is configured and reachable, and never a secret', async () => {
    const { data, next } = await pageAt('?limit=100');
    const byId = new Map(data.map(status => [status.id, status]));

    expect(next).toBeNull();
    expect(data.length).toBeGreaterThanOrEqual(19);
    expect(byId.get('openai')).toEqual({
      id: 'openai',
      name: 'OpenAI',
      baseUrl: `${gateway.simulator.url}/v1`,
      configured: true,
      key: 'gateway',
      reachable: true,
      lastError: null,
      checkedAt: expect.stringMatching(/^20\d\d-.*Z$/),
    });
    expect(byId.get('ollama')).toMatchObject({
      baseUrl: 'http://127.0.0.1:1/v1',
      configured: true,
      key: 'none',
      reachable: false,
      lastError: "The vendor 'ollama' cannot be reached. Check its address and network, or try again.",
    });
    expect(byId.get('groq')).toMatchObject({
      configured: false,
      key: 'none',
      reachable: null,
      checkedAt: null,
    });
    expect(byId.get('vllm')).toMatchObject({ configured: false, reachable: null });
    expect(JSON.stringify(data)).not.toMatch(/hidden|sk-/);
  });

  it('gives pages by id', async () => {
    const all = await pageAt('?limit=100');
    const ids: string[] = [];
    let query = '?limit=7';
    for (let next: string | null = ''; next !== null; query = `?limit=7&after=${next}`) {
      const page = await pageAt(query);
      ids.push(...page.data.map(({ id }) => id));
      ({ next } = page);
    }

    expect(ids).toEqual(all.data.map(({ id }) => id));
    expect(ids).toEqual(ids.toSorted());
  });

  it('remembers for a while what a vendor answered', async () => {
    await pageAt('?limit=100');
    gateway.simulator.reset();
    await pageAt('?limit=100');

    expect(gateway.simulator.requests()).toEqual([]);
  });

  it('is for admins', async () => {
    expect((await gateway.call('/admin/providers')).status).toBe(403);
    expect((await fetch(`${gateway.url}/admin/providers`)).status).toBe(401);
    expect((await gateway.admin('GET', '/admin/providers?limit=0')).status).toBe(400);
  });

  it('is described with examples', async () => {
    const document = (await (await fetch(`${gateway.url}/swagger-ui/openapi.json`)).json()) as {
      paths: Record<string, unknown>;
    };

    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/admin/providers', '/v1/models', '/v1/models/{id}']),
    );
  });
});

describe('a vendor whose key is wrong', () => {
  it('is not reachable, and its error says why without the key', async () => {
    const gateway = await startGateway({ AI_GATEWAY_PROVIDERS_OPENAI_API_KEY: WRONG_KEY });
    try {
      const { body } = await gateway.admin<Page>('GET', '/admin/providers?limit=1&after=openah');

      expect(body.data).toMatchObject([
        {
          id: 'openai',
          configured: true,
          reachable: false,
          lastError: "The vendor 'openai' refused the gateway's credentials (status 401).",
        },
      ]);
      expect(JSON.stringify(body)).not.toContain(WRONG_KEY);
    } finally {
      await gateway.stop();
    }
  });
});
