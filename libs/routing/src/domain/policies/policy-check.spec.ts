import { catalog, ModelBook, ProviderRegistry } from '@app/providers';
import { InvalidRequestError, readConfig } from '@app/shared';
import { ModelRouter } from '../model-router.js';
import { PolicyCheck } from './policy-check.js';
import { completed, type PolicyDefinition } from './policy-definition.js';

const config = readConfig({});
const check = new PolicyCheck(new ModelRouter(new ProviderRegistry(catalog, config), new ModelBook(config)));
const TARGETS = [{ model: 'openai/gpt-5' }, { model: 'anthropic/claude-sonnet-4-5' }];

function assert(definition: Partial<PolicyDefinition>, allowedVendors: string[] | null = null): void {
  check.assertSound(completed({ targets: TARGETS, ...definition }), allowedVendors);
}

describe('the check of a policy', () => {
  it('takes models of known vendors, by either name', () => {
    assert({});
    assert({ targets: [{ model: 'gpt-5' }, { model: 'anthropic/claude-of-tomorrow', weight: 7 }] });
    assert({ fallbacks: { contextWindow: ['google/gemini-2.5-pro'], contentPolicy: ['openai/gpt-5'] } });
    assert({ rules: [{ when: { tools: false }, targets: ['openai/gpt-5'], strategy: 'fastest' }] });
    assert({ rules: [{ when: { minInputTokens: 10, maxInputTokens: 10 }, targets: ['openai/gpt-5'] }] });
    assert({ weights: { load: 0.1 } });
    assert({}, ['anthropic', 'openai']);
    assert({ targets: [{ model: 'openrouter/deepseek/deepseek-chat:floor' }] }); // its own ending
  });

  it.each<[field: string, text: string, definition: Partial<PolicyDefinition>]>([
    [
      'targets.1.model',
      "'opnai/gpt-5'. Did you mean 'openai/…'?",
      { targets: [...TARGETS.slice(1), { model: 'opnai/gpt-5' }] },
    ],
    ['targets.0.model', "No vendor is known for the model 'smart'", { targets: [{ model: 'smart' }] }],
    [
      'targets.1.model',
      "'gpt-5' is the same model as targets.0.model",
      { targets: [...TARGETS.slice(0, 1), { model: 'gpt-5' }] },
    ],
    ['fallbacks.contextWindow.1', 'known for the model', { fallbacks: { contextWindow: ['openai/a', 'b'] } }],
    ['fallbacks.contentPolicy.1', 'same model', { fallbacks: { contentPolicy: ['gpt-5', 'OpenAI/gpt-5'] } }],
    ['rules.0.when', 'name a condition', { rules: [{ when: {}, targets: ['openai/gpt-5'] }] }],
    [
      'rules.0.targets.0',
      "'gpt-5' is none of the policy's targets. Choose among openai/gpt-5,",
      { rules: [{ when: { stream: true }, targets: ['gpt-5'] }] },
    ],
    [
      'rules.0.when.minInputTokens',
      'more than 2 and less than 1',
      { rules: [{ when: { minInputTokens: 2, maxInputTokens: 1 }, targets: ['openai/gpt-5'] }] },
    ],
    ['weights', 'more than 0', { weights: {} }],
    ['targets.0.model', "':floor' is for one request", { targets: [{ model: 'openai/gpt-5:floor' }] }],
    [
      'fallbacks.contextWindow.0',
      "':nitro' is for one request",
      { fallbacks: { contextWindow: ['openai/gpt-5:nitro'] } },
    ],
  ])('names %s: %s', (field, text, definition) => {
    expect(() => assert(definition)).toThrow(InvalidRequestError);
    expect(() => assert(definition)).toThrow(expect.objectContaining({ status: 400, param: field }));
    expect(() => assert(definition)).toThrow(text);
  });

  it('does not advise to name a policy where only a model will do', () => {
    expect(() => assert({ targets: [{ model: 'smart' }] })).toThrow(/^(?!.*policy).*; the vendors here are /);
  });

  it.each([
    ['targets.1.model', ['openai'], {}],
    [
      'fallbacks.contextWindow.0',
      ['openai', 'anthropic'],
      { fallbacks: { contextWindow: ['google/gemini-2.5-pro'] } },
    ],
  ])('names %s of a vendor that the project may not use', (param, allowed, definition) => {
    expect(() => assert(definition, allowed)).toThrow(expect.objectContaining({ status: 400, param }));
    expect(() => assert(definition, allowed)).toThrow(
      /allowedVendors do not hold \w+, or no longer\. Name a model of openai.* instead \(a PATCH may/,
    );
  });
});
