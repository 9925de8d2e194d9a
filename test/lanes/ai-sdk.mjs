import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, isStepCount, Output, streamText, tool } from 'ai';
import { z } from 'zod';

globalThis.AI_SDK_LOG_WARNINGS = false;

/** The AI SDK, by the provider package that opens the gateway's door. */
export const aiSdk = {
  name: 'AI SDK',
  doors: {
    'OpenAI chat': ({ url, apiKey, model }) => createOpenAI({ baseURL: `${url}/v1`, apiKey }).chat(model),
    'OpenAI Responses': ({ url, apiKey, model }) =>
      createOpenAI({ baseURL: `${url}/v1`, apiKey }).responses(model),
    Anthropic: ({ url, apiKey, model }) => createAnthropic({ baseURL: `${url}/v1`, apiKey })(model),
    Google: ({ url, apiKey, model }) =>
      createGoogleGenerativeAI({ baseURL: `${url}/v1beta`, apiKey })(`models/${model}`),
  },

  async generate(model, prompt) {
    return (await generateText({ model, prompt, maxRetries: 0 })).text;
  },

  async stream(model, prompt) {
    const pieces = [];
    // Else a failure would end the stream without a word.
    const fail = ({ error }) => pieces.push(`failed: ${error}`);
    for await (const piece of streamText({ model, prompt, maxRetries: 0, onError: fail }).textStream) {
      pieces.push(piece);
    }
    return pieces;
  },

  async toolLoop(model, prompt, getWeather) {
    const get_weather = tool({
      description: 'The weather of a city.',
      inputSchema: z.object({ city: z.string() }),
      execute: getWeather,
    });
    const tools = { get_weather };
    return (await generateText({ model, prompt, tools, stopWhen: isStepCount(3), maxRetries: 0 })).text;
  },

  async structured(model, prompt) {
    const schema = z.object({ name: z.string(), age: z.int() });
    return (await generateText({ model, prompt, output: Output.object({ schema }), maxRetries: 0 })).output;
  },
};
