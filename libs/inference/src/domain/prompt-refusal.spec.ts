import {
  anthropicMessagesVendor,
  geminiVendor,
  openAiChatVendor,
  openAiResponsesVendor,
  type VendorDialect,
} from '@app/dialects';
import { assertPromptTaken } from './prompt-refusal.js';

const filteredChoice = (index: number, message: object = {}): object => ({
  index,
  message: { role: 'assistant', content: null, refusal: null, ...message },
  finish_reason: 'content_filter',
});
const incomplete = (output: readonly object[]): object => ({
  output,
  status: 'incomplete',
  incomplete_details: { reason: 'content_filter' },
});
const message = (text: string): object => ({ type: 'message', content: [{ type: 'output_text', text }] });
const declined = (content: readonly object[]): object => ({ content, stop_reason: 'refusal' });
const candidate = (parts: readonly object[], finishReason = 'SAFETY'): object => ({
  candidates: [{ content: { parts }, finishReason }],
});
const called = { name: 'f', arguments: '{}' };

const check = (dialect: VendorDialect, body: object): void => {
  const target = { vendor: 'acme', model: 'm', traits: {}, quirks: {} };
  assertPromptTaken('acme', dialect.readAnswer(body, target));
};

describe('an answer', () => {
  it.each<[string, VendorDialect, object]>([
    ["Gemini's block", geminiVendor, { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } }],
    ["Gemini's filter", geminiVendor, candidate([])],
    ["Anthropic's refusal", anthropicMessagesVendor, declined([])],
    ["OpenAI's filter", openAiChatVendor, { choices: [filteredChoice(0)] }],
    ['a filter of all choices', openAiChatVendor, { choices: [filteredChoice(0), filteredChoice(1)] }],
    [
      'a filter before the first character',
      openAiChatVendor,
      { choices: [filteredChoice(0, { content: '' })] },
    ],
    ["OpenAI's filter of a response", openAiResponsesVendor, incomplete([])],
    ['a response without a text', openAiResponsesVendor, incomplete([message('')])],
  ])('without a word is a refusal of the prompt: %s', (_, dialect, body) => {
    expect(() => check(dialect, body)).toThrow(
      expect.objectContaining({ status: 400, code: 'content_filter', upstreamStatus: 400, retryable: false }),
    );
  });

  it.each<[string, VendorDialect, object]>([
    ['text before a filter', openAiChatVendor, { choices: [filteredChoice(0, { content: 'Well' })] }],
    ['a refusal in words', openAiChatVendor, { choices: [filteredChoice(0, { refusal: 'No.' })] }],
    [
      'a call before a filter',
      openAiChatVendor,
      { choices: [filteredChoice(0, { tool_calls: [{ id: 'c', type: 'function', function: called }] })] },
    ],
    [
      'one choice of two',
      openAiChatVendor,
      { choices: [filteredChoice(0), filteredChoice(1, { content: 'Well' })] },
    ],
    [
      'an empty choice beside a filter',
      openAiChatVendor,
      { choices: [filteredChoice(0), { ...filteredChoice(1), finish_reason: 'stop' }] },
    ],
    ['nothing, of its own accord', geminiVendor, candidate([], 'STOP')],
    ['thoughts before a filter', geminiVendor, candidate([{ text: 'Hm', thought: true }])],
    ['text before a refusal', anthropicMessagesVendor, declined([{ type: 'text', text: 'Well' }])],
    ['text of a response before a filter', openAiResponsesVendor, incomplete([message('Well')])],
  ])('that says something is none: %s', (_, dialect, body) => {
    expect(() => check(dialect, body)).not.toThrow();
  });
});
