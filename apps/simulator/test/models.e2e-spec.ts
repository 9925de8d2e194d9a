import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI, { AuthenticationError } from 'openai';
import { Agent, setGlobalDispatcher } from 'undici';
import type { Simulator } from '../src/server.js';
import { startSimulator } from '../src/server.js';

describe('the lists of models', () => {
  const agent = new Agent();
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ port: 0, host: '127.0.0.1' });
    // Google's SDK looks for Undici's dispatcher on globalThis, which under Jest is not the one Node put it on.
    setGlobalDispatcher(agent);
  });
  afterAll(async () => {
    await agent.close();
    await simulator.close();
  });

  it('come in each vendor’s shape, page by page', async () => {
    const openai = new OpenAI({ apiKey: 'k', baseURL: `${simulator.url}/v1` });
    const anthropic = new Anthropic({ apiKey: 'k', baseURL: simulator.url });
    const google = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: simulator.url } });
    const names = { openai: [] as string[], anthropic: [] as string[], google: [] as unknown[] };

    for await (const { id } of openai.models.list()) {
      names.openai.push(id);
    }
    for await (const { id } of anthropic.models.list({ limit: 1 })) {
      names.anthropic.push(id);
    }
    for await (const { name } of await google.models.list({ config: { pageSize: 2 } })) {
      names.google.push(name);
    }

    expect(names.openai).toContain('gpt-5');
    expect(names.anthropic).toEqual([
      'claude-sonnet-5',
      'claude-opus-4-6',
      'claude-haiku-4-5',
      'claude-3-opus-20240229',
    ]);
    expect(names.google).toEqual([
      'models/gemini-2.5-flash',
      'models/gemini-3-flash-preview',
      'models/gemini-3-pro-preview',
    ]);
  });

  it.each(['groq/openai/v1', 'deepseek', 'fireworks/inference/v1', 'openrouter/api/v1', 'acme/v1'])(
    'and chats are found below /%s',
    async path => {
      simulator.reset();
      const openai = new OpenAI({ apiKey: 'k', baseURL: `${simulator.url}/${path}` });
      await openai.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'hi' }] });

      expect((await openai.models.list()).data.length).toBeGreaterThan(0);
      expect(Object.keys(simulator.bill())).toEqual([path.split('/')[0]]);
    },
  );

  it('need a key, which Azure shows in a header of its own', async () => {
    const stranger = new OpenAI({ apiKey: 'bad-key', baseURL: `${simulator.url}/v1`, maxRetries: 0 });
    const azure = `${simulator.url}/azure-openai/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21`;
    const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }] });

    await expect(stranger.models.list()).rejects.toBeInstanceOf(AuthenticationError);
    expect((await fetch(`${simulator.url}/v1beta/models`)).status).toBe(401);
    expect((await fetch(azure, { method: 'POST', headers: { 'api-key': 'k' }, body })).status).toBe(200);
    expect((await fetch(azure, { method: 'POST', body })).status).toBe(401);
  });

  it('fail when a fault says so', async () => {
    const headers = { authorization: 'Bearer k', 'x-sim-fault': 'status=503' };

    expect((await fetch(`${simulator.url}/v1/models`, { headers })).status).toBe(503);
  });
});
