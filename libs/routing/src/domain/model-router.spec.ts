import { anthropicMessagesVendor, openAiChatVendor } from '@app/dialects';
import { catalog, ModelBook, openAiCompatible, ProviderRegistry, type Vendor } from '@app/providers';
import { readConfig } from '@app/shared';
import { ModelRouter } from './model-router.js';

const local = openAiCompatible({
  id: 'my-vllm',
  name: 'vLLM',
  baseUrl: 'http://127.0.0.1:8000/v1',
  apiKeyEnv: [],
});
const both: Vendor = {
  ...local,
  id: 'both',
  dialectFor: (model, spoken) =>
    model.startsWith('claude') && spoken !== 'openai-chat' ? anthropicMessagesVendor : openAiChatVendor,
};
const config = readConfig({});
const router = new ModelRouter(
  new ProviderRegistry([...catalog, local, both], config),
  new ModelBook(config),
);

const spoken = (...call: Parameters<ModelRouter['resolve']>) => router.resolve(...call).dialect.id;

describe('the model router', () => {
  it.each([
    ['openai/gpt-5', 'openai', 'gpt-5'],
    ['anthropic/claude-of-tomorrow', 'anthropic', 'claude-of-tomorrow'],
    ['OpenAI/gpt-5', 'openai', 'gpt-5'],
    ['my-vllm/meta-llama/Llama-4', 'my-vllm', 'meta-llama/Llama-4'],
    ['gpt-9-unheard-of', 'openai', 'gpt-9-unheard-of'],
    ['o7', 'openai', 'o7'],
    ['whisper-1', 'openai', 'whisper-1'],
    ['claude-sonnet-5', 'anthropic', 'claude-sonnet-5'],
    ['gemini-3-pro', 'google', 'gemini-3-pro'],
    ['models/gemini-3-pro', 'google', 'models/gemini-3-pro'],
  ])('sends %s to %s', (asked, vendor, model) => {
    expect(router.resolve(asked).target).toMatchObject({ vendor, model });
  });

  it.each([
    ['opnai/gpt-5', 'openai'],
    ['openia/gpt-5', 'openai'],
    ['anthropc/claude', 'anthropic'],
    ['goog/gemini-3', 'google'],
  ])('names a near vendor for %s', (asked, near) => {
    expect(() => router.resolve(asked)).toThrow(`'${near}/…'`);
  });

  it('tells what would work instead of a name that nobody knows: a model, or a policy', () => {
    const words = /'smart'\. Ask for 'vendor\/model', .*, or make a routing policy of that name; .* openai,/;
    expect(() => router.resolve('smart')).toThrow(words);
  });

  it('asks a vendor of several dialects which of them a call goes out in, each time', () => {
    expect(spoken('both/claude-x', 'gemini')).toBe('anthropic-messages');
    expect(spoken('both/claude-x', 'openai-chat')).toBe('openai-chat');
    expect(spoken('both/qwen')).toBe('openai-chat');
    expect(spoken('anthropic/claude-x', 'openai-chat')).toBe('anthropic-messages');
  });

  it.each(['llama', 'openai/', '/gpt-5', '', 'constructor', '__proto__/x'])('refuses %j with 404', asked => {
    expect(() => router.resolve(asked)).toThrow(
      expect.objectContaining({ status: 404, code: 'model_not_found' }),
    );
  });
});
