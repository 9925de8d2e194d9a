import { startGateway, type TestGateway } from './support/gateway.js';

const WRONG = { authorization: `Bearer pk_${'0'.repeat(48)}` };
const ROADS = ['/v1/chat/completions', '/v1/chat/completions?behind=express', '/admin/projects'];

let gateway: TestGateway;

afterEach(() => gateway?.stop());

async function guess(forwarded: string, at = '/v1/chat/completions'): Promise<Response> {
  const response = await fetch(gateway.url + at, {
    method: 'POST',
    headers: { ...WRONG, 'content-type': 'application/json', 'x-forwarded-for': forwarded },
    body: '{}',
  });
  await response.arrayBuffer();
  return response;
}

async function guesses(forwarded: (n: number) => string, at?: string): Promise<number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < 21; n += 1) {
    statuses.push((await guess(forwarded(n), at)).status);
  }
  return statuses;
}

const twentyThen = (last: number): number[] => [...Array.from({ length: 20 }, () => 401), last];

describe('guessing keys', () => {
  it('is slowed down by address, on every road alike, and keys that worked before go on', async () => {
    gateway = await startGateway();
    expect((await gateway.call('/v1/models')).status).toBe(200);
    const unseen = await gateway.admin<{ apiKey: string }>('POST', '/admin/projects', { name: 'unseen' });
    expect(await guesses(() => '')).toEqual(twentyThen(429));
    const answers = await Promise.all(ROADS.map(at => guess('', at)));
    const right = await gateway.chat({
      model: 'openai/gpt-4.1-mini',
      messages: [{ role: 'user', content: 'Say hello.' }],
    });

    expect(answers.map(({ status }) => status)).toEqual([429, 429, 429]);
    expect(Number(answers[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(answers[0]?.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(answers[0]?.headers.get('x-should-retry')).toBe('false');
    expect(right.status).toBe(200);
    expect((await gateway.admin('GET', '/admin/projects')).status).toBe(200);
    const headers = { authorization: `Bearer ${unseen.body.apiKey}` };
    expect((await fetch(`${gateway.url}/v1/models`, { headers })).status).toBe(429);
  });

  it.each(ROADS)('does not hide behind a header that nobody vouches for (%s)', async at => {
    gateway = await startGateway();

    expect(await guesses(n => `198.51.100.${n}`, at)).toEqual(twentyThen(429));
  });

  it.each(ROADS)('does not hide behind entries in front of the one of the trusted proxy (%s)', async at => {
    gateway = await startGateway({ AI_GATEWAY_TRUSTED_PROXIES: 'loopback' });

    expect(await guesses(n => `198.51.100.${n}, 203.0.113.9`, at)).toEqual(twentyThen(429));
    expect((await guess('203.0.113.10', at)).status).toBe(401);
  });

  it.each(ROADS)('does not count against others behind the same proxies (%s)', async at => {
    gateway = await startGateway({ AI_GATEWAY_TRUSTED_PROXIES: 'loopback, 10.0.0.0/8' });

    expect(await guesses(n => `203.0.113.${n}, 10.0.0.1`, at)).toEqual(twentyThen(401));
  });
});
