import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import type { TestGateway } from './gateway.js';

/** A question that all four APIs ask in the same way, and what they ask it with. */
export interface Asked {
  readonly model: string;
  readonly prompt: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly key?: string;
}

/** An answer, as its SDK gave it. */
export interface Heard {
  readonly text: string;
  readonly id: string;
  /** Input and output tokens. */
  readonly tokens: readonly [number | undefined, number | undefined];
}

const MOST_TOKENS = 500;

interface Api {
  whole(gateway: TestGateway, asked: Asked): Promise<Heard>;
  streamed(gateway: TestGateway, asked: Asked): Promise<Heard>;
}

/** The official SDK of each API. */
export const APIS: Readonly<Record<'chat' | 'responses' | 'messages' | 'gemini', Api>> = {
  chat: {
    async whole(gateway, asked) {
      const { id, choices, usage } = await openai(gateway, asked).chat.completions.create(chatOf(asked));
      return {
        id,
        text: choices[0]?.message.content ?? '',
        tokens: [usage?.prompt_tokens, usage?.completion_tokens],
      };
    },
    async streamed(gateway, asked) {
      const stream = await openai(gateway, asked).chat.completions.create({
        ...chatOf(asked),
        stream: true,
        stream_options: { include_usage: true },
      });
      let heard: Heard = { id: '', text: '', tokens: [undefined, undefined] };
      for await (const { id, choices, usage } of stream) {
        const text = heard.text + (choices[0]?.delta.content ?? '');
        heard = {
          id,
          text,
          tokens: usage ? [usage.prompt_tokens, usage.completion_tokens] : heard.tokens,
        };
      }
      return heard;
    },
  },
  responses: {
    async whole(gateway, asked) {
      return ofResponse(await openai(gateway, asked).responses.create(responseOf(asked)));
    },
    async streamed(gateway, asked) {
      return ofResponse(await openai(gateway, asked).responses.stream(responseOf(asked)).finalResponse());
    },
  },
  messages: {
    async whole(gateway, asked) {
      return ofMessage(await anthropic(gateway, asked).messages.create(messageOf(asked)));
    },
    async streamed(gateway, asked) {
      return ofMessage(await anthropic(gateway, asked).messages.stream(messageOf(asked)).finalMessage());
    },
  },
  gemini: {
    async whole(gateway, asked) {
      const { text, responseId, usageMetadata } = await google(gateway, asked).models.generateContent(
        contentOf(asked),
      );
      return {
        id: responseId ?? '',
        text: text ?? '',
        tokens: [usageMetadata?.promptTokenCount, usageMetadata?.candidatesTokenCount],
      };
    },
    async streamed(gateway, asked) {
      const stream = await google(gateway, asked).models.generateContentStream(contentOf(asked));
      let heard: Heard = { id: '', text: '', tokens: [undefined, undefined] };
      for await (const { text, responseId, usageMetadata } of stream) {
        heard = {
          id: responseId ?? '',
          text: heard.text + (text ?? ''),
          tokens: usageMetadata
            ? [usageMetadata.promptTokenCount, usageMetadata.candidatesTokenCount]
            : heard.tokens,
        };
      }
      return heard;
    },
  },
};

function openai(gateway: TestGateway, { headers, key = gateway.projectKey }: Asked): OpenAI {
  return new OpenAI({
    apiKey: key,
    baseURL: `${gateway.url}/v1`,
    maxRetries: 0,
    ...(headers && { defaultHeaders: headers }),
  });
}

function anthropic(gateway: TestGateway, { headers, key = gateway.projectKey }: Asked): Anthropic {
  return new Anthropic({
    apiKey: key,
    baseURL: gateway.url,
    maxRetries: 0,
    ...(headers && { defaultHeaders: headers }),
  });
}

function google(gateway: TestGateway, { headers, key = gateway.projectKey }: Asked): GoogleGenAI {
  return new GoogleGenAI({
    apiKey: key,
    httpOptions: { baseUrl: gateway.url, ...(headers && { headers }) },
  });
}

function chatOf({ model, prompt }: Asked): OpenAI.ChatCompletionCreateParamsNonStreaming {
  const messages = [{ role: 'user' as const, content: prompt }];
  return { model, messages, max_completion_tokens: MOST_TOKENS };
}

function responseOf({
  model,
  prompt,
}: Asked): OpenAI.Responses.ResponseCreateParamsNonStreaming & { readonly stream?: never } {
  return { model, input: prompt, max_output_tokens: MOST_TOKENS, store: false };
}

function messageOf({ model, prompt }: Asked): Anthropic.MessageCreateParamsNonStreaming {
  return {
    model,
    messages: [{ role: 'user', content: prompt }],
    max_tokens: MOST_TOKENS,
  };
}

function contentOf({ model, prompt }: Asked): Parameters<GoogleGenAI['models']['generateContent']>[0] {
  return { model, contents: prompt, config: { maxOutputTokens: MOST_TOKENS } };
}

function ofResponse({ id, output_text: text, usage }: OpenAI.Responses.Response): Heard {
  return { id, text, tokens: [usage?.input_tokens, usage?.output_tokens] };
}

function ofMessage({ id, content, usage }: Anthropic.Message): Heard {
  const text = content.map(block => (block.type === 'text' ? block.text : '')).join('');
  return { id, text, tokens: [usage.input_tokens, usage.output_tokens] };
}
