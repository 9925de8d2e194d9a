import type { Prices, QuoteView } from '../libs/pricing/src/api/prices.dto.js';
import { encryptionKey } from './support/encryption-key.js';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { describeOnServers } from './support/test-store.js';

let first: TestGateway;
let second: TestGateway;

const priced = (usd: number): object => ({ prices: { 'my-vllm/m': { input_cost_per_token: usd } } });

/** Nano-USD per million tokens, at a gateway; undefined where nobody knows it. */
async function quoted(gateway: TestGateway): Promise<number | null | undefined> {
  const { body } = await gateway.admin<QuoteView>('GET', '/admin/prices/quote?provider=my-vllm&model=m');
  return body.rates?.[0]?.input;
}

describeOnServers('two gateways that share a %s', database => {
  beforeAll(async () => {
    const store = await database.environment();
    const shared = { ...store, AI_GATEWAY_SECURITY_ENCRYPTION_KEY: encryptionKey(7) };
    first = await startGateway(shared);
    second = await startGateway(shared);
  }, 60_000);
  afterAll(async () => {
    await second?.stop();
    await first?.stop();
    await database.drop();
  });

  it('have the same prices, whichever they were put at', async () => {
    await expect(quoted(second)).resolves.toBeUndefined();
    await first.admin('PUT', '/admin/prices', priced(1e-6));
    await eventually(async () => expect(await quoted(second)).toBe(1e9), 20_000);
    await second.admin('PUT', '/admin/prices', priced(2e-6));
    await eventually(async () => expect(await quoted(first)).toBe(2e9), 20_000);
  }, 60_000);

  it('keep each that was put at the same time, and agree on the last', async () => {
    const all = Array.from({ length: 10 }, (__, at) =>
      (at % 2 ? first : second).admin('PUT', '/admin/prices', priced((at + 1) * 1e-5)),
    );
    const statuses = (await Promise.all(all)).map(({ status }) => status);
    const { body } = await first.admin<{ data: Prices[] }>('GET', '/admin/prices/versions');

    expect(statuses).toEqual(Array(10).fill(200));
    expect(body.data.map(({ version }) => version)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    await eventually(async () => {
      const [one, other] = await Promise.all([quoted(first), quoted(second)]);
      expect(one).toBe(other);
      const current = await second.admin<Prices>('GET', '/admin/prices');
      expect(current.body.version).toBe(12);
    }, 20_000);
  }, 60_000);
});
