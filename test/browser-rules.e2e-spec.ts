import { startGateway, type TestGateway } from './support/gateway.js';

const PAGE = 'https://app.example.com';
const QUESTION = { model: 'openai/gpt-4.1-mini', messages: [{ role: 'user', content: 'Say hello.' }] };

let closed: TestGateway;
let opened: TestGateway;

beforeAll(async () => {
  closed = await startGateway();
  opened = await startGateway({ AI_GATEWAY_CORS_ORIGINS: `${PAGE},http://localhost:5173` });
});
afterAll(async () => {
  await closed?.stop();
  await opened?.stop();
});

function preflight(gateway: TestGateway, origin: string): Promise<Response> {
  return fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization, content-type, x-llmhub-strict',
    },
  });
}

const allowed = ({ headers }: Response): string | null => headers.get('access-control-allow-origin');

describe('a page of another origin', () => {
  it('may not call unless it is configured', async () => {
    const answers = await Promise.all([
      preflight(closed, PAGE),
      closed.chat(QUESTION, { headers: { origin: PAGE } }),
      preflight(opened, 'https://evil.example.com'),
      preflight(opened, 'null'),
      preflight(opened, `${PAGE}.evil.example.com`),
      opened.chat(QUESTION, { headers: { origin: 'https://evil.example.com' } }),
    ]);

    expect(answers.map(allowed)).toEqual([null, null, null, null, null, null]);
  });

  it('may call when it is configured, whole and streamed, and reads errors too', async () => {
    const asked = await preflight(opened, PAGE);
    const headers = { origin: PAGE };
    const answers = await Promise.all([
      opened.chat(QUESTION, { headers }),
      opened.chat({ ...QUESTION, stream: true }, { headers }),
      opened.chat({ model: 7 }, { headers }),
      opened.chat(QUESTION, { headers: { ...headers, authorization: 'Bearer pk_wrong' } }),
    ]);

    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-headers')).toContain('x-llmhub-strict');
    expect([asked, ...answers].map(allowed)).toEqual([PAGE, PAGE, PAGE, PAGE, PAGE]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 400, 401]);
    expect(answers[0]?.headers.get('vary')).toContain('Origin');
    expect(answers[0]?.headers.get('access-control-expose-headers')).toBe('*');
    expect(answers[0]?.headers.get('access-control-allow-credentials')).toBeNull();
    expect((await answers[1]?.text())?.trimEnd().endsWith('data: [DONE]')).toBe(true);
  });

  it('may be any page where the operator says so', async () => {
    const anyone = await startGateway({ AI_GATEWAY_CORS_ORIGINS: '*' });
    const answer = await preflight(anyone, 'https://whoever.example.com');
    await anyone.stop();

    expect(allowed(answer)).toBe('*');
  });
});

describe('a browser', () => {
  it('is told to guess no types, frame nothing and run only scripts from here', async () => {
    const response = await fetch(`${closed.url}/swagger-ui/`);
    const policy = response.headers.get('content-security-policy') ?? '';

    expect(response.status).toBe(200);
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe-eval|upgrade-insecure-requests|script-src[^;]*unsafe-inline/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('x-frame-options')).toBe('DENY');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(response.headers.get('x-powered-by')).toBeNull();
  });
});
