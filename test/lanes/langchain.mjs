import { ChatAnthropic } from '@langchain/anthropic';
import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatGoogle } from '@langchain/google';
import { ChatOpenAI } from '@langchain/openai';
import { z } from 'zod';

const openAi =
  useResponsesApi =>
  ({ url, apiKey, model }) =>
    new ChatOpenAI({
      model,
      apiKey,
      useResponsesApi,
      configuration: { baseURL: `${url}/v1` },
      maxRetries: 0,
    });

/** LangChain.js, by the chat model that opens the gateway's door. */
export const langChain = {
  name: 'LangChain',
  doors: {
    'OpenAI chat': openAi(false),
    'OpenAI Responses': openAi(true),
    Anthropic: ({ url, apiKey, model }) =>
      new ChatAnthropic({ model, apiKey, anthropicApiUrl: url, maxTokens: 2000, maxRetries: 0 }),
    Google: ({ url, apiKey, model }) => new ChatGoogle({ model, apiKey, endpoint: url, maxRetries: 0 }),
  },

  async generate(model, prompt) {
    return (await model.invoke(prompt)).text;
  },

  async stream(model, prompt) {
    const pieces = [];
    for await (const chunk of await model.stream(prompt)) {
      if (chunk.text !== '') {
        pieces.push(chunk.text);
      }
    }
    return pieces;
  },

  async toolLoop(model, prompt, getWeather) {
    const get_weather = tool(getWeather, {
      name: 'get_weather',
      description: 'The weather of a city.',
      schema: z.object({ city: z.string() }),
    });
    const withTools = model.bindTools([get_weather]);
    const messages = [new HumanMessage(prompt)];
    for (let step = 0; step < 3; step++) {
      const said = await withTools.invoke(messages);
      if (!said.tool_calls?.length) {
        return said.text;
      }
      const results = said.tool_calls.map(async ({ id, name, args }) => {
        return new ToolMessage({ tool_call_id: id, name, content: await get_weather.invoke(args) });
      });
      messages.push(said, ...(await Promise.all(results)));
    }
    throw new Error('The model called tools for ever.');
  },

  async structured(model, prompt) {
    const schema = z.object({ name: z.string(), age: z.int() });
    return model.withStructuredOutput(schema, { name: 'person' }).invoke(prompt);
  },
};
