import { type ChaosGateway, MODEL, startChaosGateway, statusesOf } from './support/chaos.js';

let gateway: ChaosGateway;

beforeAll(async () => {
  gateway = await startChaosGateway();
});
beforeEach(() => gateway.simulator.reset());
afterAll(() => gateway?.stop());

const model = `together/${MODEL}`;

describe('a call that names its vendor', () => {
  it('goes there once, whatever comes of it: the callers see what the vendor did', async () => {
    gateway.simulator.chaos([{ vendor: 'together', fault: 'status=503', share: 0.25 }]);
    // One after another: a vendor that fails often is left alone for a while, which is another test.
    const answers = await gateway.askMany(8, { model }, 1);

    expect(statusesOf(answers)).toEqual({ 200: 6, 503: 2 });
    expect(answers.filter(({ code }) => code !== null).map(({ status }) => status)).toEqual([503, 503]);
    expect(gateway.upstreamCalls()).toEqual({ together: 8, fireworks: 0, cerebras: 0 });
  });

  it('is broken off where the vendor is, with an error and no ending', async () => {
    gateway.simulator.chaos([{ vendor: 'together', fault: 'cut=600' }]);
    const answer = await gateway.ask({ model, stream: true, content: '[[sim:count 50]]' });

    expect(answer).toMatchObject({ status: 200, code: expect.any(String) });
    expect(answer.text).not.toContain('[DONE]');
    expect(answer.id).toMatch(/-7/);
  });

  it.each(['drop', 'html=502', 'empty', 'context', 'policy'])('fails in words for %s', async fault => {
    gateway.simulator.chaos([{ vendor: 'together', fault }]);
    const answer = await gateway.ask({ model });

    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.code).toEqual(expect.any(String));
  });

  it('goes with the key of the project, where the chaos may strike one of several', async () => {
    await gateway.addVendorKey('fireworks', 'fw-0123456789abcdef-good');
    gateway.simulator.chaos([{ fault: 'status=401,key=evil' }]);
    const answer = await gateway.ask({ model: `fireworks/${MODEL}` });

    expect(answer.status).toBe(200);
    expect(gateway.simulator.calls()).toEqual({ fireworks: { [MODEL]: { calls: 1, keys: { good: 1 } } } });
  });
});
