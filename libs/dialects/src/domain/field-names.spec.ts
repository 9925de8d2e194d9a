import { recordings } from '../../../../test/support/recordings.js';
import { anthropicMessagesClient } from '../anthropic-messages/client.js';
import { anthropicMessagesVendor } from '../anthropic-messages/vendor.js';
import { geminiClient } from '../gemini/client.js';
import { geminiVendor } from '../gemini/vendor.js';
import { openAiChatClient, openAiChatVendor } from '../openai-chat/openai-chat.dialect.js';
import {
  openAiResponsesClient,
  openAiResponsesVendor,
} from '../openai-responses/openai-responses.dialect.js';
import type { ClientDialect, ModelTraits } from './dialect.js';
import { asWritten } from './field-names.js';
import { fitToModel } from './fit-to-model.js';
import { Losses } from './losses.js';

const clients = [openAiChatClient, openAiResponsesClient, anthropicMessagesClient, geminiClient];
const vendors = [openAiChatVendor, openAiResponsesVendor, anthropicMessagesVendor, geminiVendor];
const ENDPOINTS = /\/(chat\/completions|responses|messages)$|:(streamG|g)enerateContent/;

/** Knows of nothing, so that whatever is asked for is lost. */
const poor: ModelTraits = {
  maxOutputTokens: 1,
  sampling: false,
  reasoning: 'none',
  images: false,
  documents: false,
  audioInput: false,
  output: ['text'],
  tools: false,
  parallelTools: false,
  structuredOutput: false,
};

/** What the vendors' writers report lost of a body. */
function lostOf(client: ClientDialect, body: object, traits: ModelTraits): string[] {
  const read = client.readRequest({ model: 'm', ...body }, { seal: () => '', open: () => null });
  return vendors.flatMap(vendor => {
    const losses = new Losses(asWritten(client.fieldNames, body));
    const target = { vendor: 'another', model: 'm', traits, quirks: {} };
    vendor.writeRequest(fitToModel(read, target, losses), target, losses);
    return losses.list.map(({ field }) => field);
  });
}

describe('the name of a lost field', () => {
  const names = new Map<string, string | string[]>([
    ['limit', ['max_tokens', 'max_completion_tokens']],
    ['image', ['contents.parts.inlineData', 'contents.parts.fileData']],
    ['reasoning', ['input.summary', 'input.reasoning']],
    ['only', 'one_word'],
  ]);

  it.each([
    ['limit', { max_completion_tokens: 1 }, 'max_completion_tokens'],
    ['limit', { max_tokens: 1, max_completion_tokens: 1 }, 'max_tokens'],
    ['limit', { max_tokens: null }, 'max_tokens'],
    [
      'image',
      { contents: [{ parts: [{ text: 'a' }] }, { parts: { fileData: {} } }] },
      'contents.parts.fileData',
    ],
    ['image', { contents: { parts: [{ file_data: {} }] } }, 'contents.parts.fileData'],
    ['reasoning', { input: [{ type: 'message' }, { type: 'reasoning' }] }, 'input.reasoning'],
    ['only', {}, 'one_word'],
    ['another', {}, 'another'],
  ])('%s of %j is %s', (field, body, name) => {
    expect(asWritten(names, body)(field)).toBe(name);
  });
});

describe('what is lost is told in the words of the caller', () => {
  const schema = { type: 'object', properties: {} };
  const picture = { mimeType: 'image/png', data: 'AAAA' };

  it.each([
    [
      'Gemini',
      geminiClient,
      {
        contents: [{ role: 'user', parts: [{ text: 'a' }, { inline_data: picture }] }],
        generationConfig: {
          maxOutputTokens: 9,
          temperature: 0.5,
          topK: 3,
          candidateCount: 2,
          stopSequences: ['.'],
          responseModalities: ['AUDIO'],
          responseSchema: schema,
          responseMimeType: 'application/json',
          thinkingConfig: { thinkingBudget: 9 },
        },
        serviceTier: 'flex',
      },
      [
        'contents.parts.inlineData',
        'generationConfig.candidateCount',
        'generationConfig.maxOutputTokens',
        'generationConfig.responseModalities',
        'generationConfig.responseSchema',
        'generationConfig.stopSequences',
        'generationConfig.temperature',
        'generationConfig.thinkingConfig.thinkingBudget',
        'generationConfig.topK',
        'serviceTier',
      ],
    ],
    [
      'Responses',
      openAiResponsesClient,
      {
        input: [
          { role: 'user', content: [{ type: 'input_image', image_url: 'https://a.example/b.png' }] },
          { type: 'reasoning', summary: [{ type: 'summary_text', text: 'a' }] },
          { role: 'assistant', content: 'b' },
        ],
        max_output_tokens: 9,
        reasoning: { effort: 'low' },
        text: { verbosity: 'low', format: { type: 'json_schema', name: 'a', schema } },
      },
      [
        'input.content.input_image',
        'input.reasoning',
        'max_output_tokens',
        'reasoning.effort',
        'text.format',
        'text.verbosity',
      ],
    ],
    [
      'chat',
      openAiChatClient,
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'a' },
              { type: 'image_url', image_url: { url: 'https://a.example/b.png' } },
            ],
          },
        ],
        max_completion_tokens: 9,
        functions: [{ name: 'f' }],
      },
      ['functions', 'max_completion_tokens', 'messages.content.image_url'],
    ],
    [
      'Anthropic',
      anthropicMessagesClient,
      {
        max_tokens: 9,
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'a' },
              { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
            ],
          },
        ],
        output_config: { effort: 'max' },
        stop_sequences: ['.'],
      },
      ['max_tokens', 'messages.content.image', 'output_config.effort', 'stop_sequences'],
    ],
  ])('of %s', (_name, client, body, told) => {
    expect([...new Set(lostOf(client, body, poor))].toSorted()).toEqual(told);
  });

  it.each(clients.map(client => [client.id, client] as const))('recorded: %s', (id, client) => {
    for (const [name, calls] of recordings(id)) {
      for (const { request, status, url } of calls) {
        if (
          status === 200 &&
          request !== null &&
          typeof request === 'object' &&
          ENDPOINTS.test(url.split('?')[0] ?? '')
        ) {
          const members = Object.keys(request as object).map(camel);
          const told = [{}, poor].flatMap(traits => lostOf(client, request as object, traits));

          expect([name, told.filter(field => !members.includes(camel(field.split('.')[0] ?? '')))]).toEqual([
            name,
            [],
          ]);
        }
      }
    }
  });
});

function camel(name: string): string {
  return name.replace(/_[a-z]/g, letter => letter.slice(1).toUpperCase());
}
