import { setImmediate } from 'node:timers/promises';
import OpenAI from 'openai';
import type { Simulator } from '../src/server.js';
import { startSimulator } from '../src/server.js';
import { LiveClient } from './support/live-client.js';
import { answer, inWords, MODEL, said } from './support/realtime-events.js';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ port: 0, host: '127.0.0.1' });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

const open = (query = `?model=${MODEL}`, headers: Record<string, string> = {}) =>
  LiveClient.open(`${simulator.url}/v1/realtime${query}`, { headers });

describe('the upgrade', () => {
  it.each([
    ['a wrong key', `?model=${MODEL}`, { authorization: 'Bearer bad-key' }, 401],
    ['no key', `?model=${MODEL}`, { authorization: '' }, 401],
    ['an ephemeral key that was never issued', `?model=${MODEL}`, { authorization: 'Bearer ek_1' }, 401],
    ['an unknown model', '?model=no-such-model', {}, 404],
    ['no model', '', {}, 400],
    ['a fault', `?model=${MODEL}`, { 'x-sim-fault': 'status=429,retry-after=3' }, 429],
  ])('is answered in HTTP: %s', async (_, query, headers, status) => {
    await expect(open(query, headers)).rejects.toThrow(`Unexpected server response: ${status}`);
  });

  it('of another path is a 404', async () => {
    await expect(LiveClient.open(`${simulator.url}/v1/nothing`)).rejects.toThrow('404');
  });

  it('below the name of a vendor is that vendor’s', async () => {
    const client = await LiveClient.open(`${simulator.url}/azure-openai/openai/v1/realtime?model=mine`);
    client.send(inWords, said('hello'), answer);
    await client.untilType('response.done');
    expect(simulator.bill()['azure-openai']?.['mine']?.calls).toBe(1);
    await client.close();
  });

  it('takes the key as a subprotocol, and does not repeat it', async () => {
    const url = `${simulator.url}/v1/realtime?model=${MODEL}`;
    const client = await LiveClient.open(url, {}, ['realtime', 'openai-insecure-api-key.key']);
    expect(client.socket.protocol).toBe('realtime');
    await client.close();
    await expect(LiveClient.open(url, {}, ['realtime', 'openai-insecure-api-key.bad-key'])).rejects.toThrow(
      '401',
    );
  });

  it('takes an ephemeral key, which brings the session along', async () => {
    const openai = new OpenAI({ apiKey: 'key', baseURL: `${simulator.url}/v1` });
    const secret = await openai.realtime.clientSecrets.create({
      session: { type: 'realtime', model: MODEL, instructions: 'Be brief.' },
    });
    expect(secret.value).toMatch(/^ek_/);
    const life = secret.expires_at - Date.now() / 1000;
    expect(life).toBeGreaterThan(50);

    const protocols = ['realtime', `openai-insecure-api-key.${secret.value}`];
    const client = await LiveClient.open(`${simulator.url}/v1/realtime`, {}, protocols);
    expect(await client.untilType('session.created')).toMatchObject({
      session: { model: MODEL, instructions: 'Be brief.' },
    });
    await client.close();
  });

  it('that waits does not keep a simulator from closing', async () => {
    const other = await startSimulator({ port: 0, host: '127.0.0.1' });
    const headers = { 'x-sim-fault': 'delay=3600000' };
    const waiting = LiveClient.open(`${other.url}/v1/realtime?model=${MODEL}`, { headers });
    const failed = expect(waiting).rejects.toThrow('socket hang up');
    while (other.requests().length === 0) {
      await setImmediate();
    }
    await other.close();
    await failed;
  });
});
