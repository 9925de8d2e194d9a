import {
  anthropicMessagesVendor,
  openAiChatVendor,
  openAiResponsesVendor,
  type VendorDialect,
} from '@app/dialects';
import { UpstreamError } from '@app/shared';
import { recordings } from '../../../../../test/support/recordings.js';
import { refusalOf } from './refusals.js';

const DIALECTS: Readonly<Record<string, VendorDialect>> = {
  'openai-chat': openAiChatVendor,
  'openai-responses': openAiResponsesVendor,
  'anthropic-messages': anthropicMessagesVendor,
};

const said = (message: string, code: string | null = null): UpstreamError =>
  new UpstreamError({ vendor: 'x', upstreamStatus: 400, message, code });

describe('a refusal of the request', () => {
  it.each([
    "This model's maximum context length is 128000 tokens. However, your messages resulted in 150000 tokens.",
    'Your input exceeds the context window of this model. Please adjust your input and try again.',
    'prompt is too long: 215000 tokens > 200000 maximum',
    'input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000, decrease input length',
    'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
    'Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length',
    'Please reduce the length of the messages or completion.',
    'Input is too long for requested model.',
  ])('for its length: %s', message => {
    expect(refusalOf(said(message))).toBe('contextWindow');
  });

  it.each<[string, string | null]>([
    ['Your request was rejected as a result of our safety system.', 'content_policy_violation'],
    [
      "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
      'content_filter',
    ],
    ['Invalid prompt: your prompt was flagged as potentially violating our usage policy.', 'invalid_prompt'],
    ['Output blocked by content filtering policy', null],
    ['Input data may contain inappropriate content.', 'data_inspection_failed'],
    ['Content Exists Risk', 'invalid_request_error'],
  ])('for its content: %s', (message, code) => {
    expect(refusalOf(said(message, code))).toBe('contentPolicy');
  });

  it.each([
    "Invalid 'temperature': decimal below minimum value.",
    'max_tokens: 200000 > 8192, which is the maximum allowed number of output tokens',
    "Unsupported parameter: 'max_tokens' is not supported with this model.",
  ])('is none: %s', message => {
    expect(refusalOf(said(message))).toBeNull();
  });

  it.each(Object.keys(DIALECTS))('is none of the errors that are on record of %s', folder => {
    const failed = recordings(folder).flatMap(([name, calls]) =>
      calls.filter(({ status }) => status >= 400 && status < 500).map(call => ({ name, ...call })),
    );
    for (const { name, vendor, status, headers, body } of failed) {
      const error = DIALECTS[folder]?.readError({ vendor, status, headers, body: JSON.stringify(body) });
      expect([name, error instanceof UpstreamError && refusalOf(error)]).toEqual([name, null]);
    }
  });
});
