import { PIXEL } from '../openai-chat/openapi-examples.js';

export const requestExamples = {
  plain: {
    summary: 'A question',
    value: {
      systemInstruction: { parts: [{ text: 'Answer in one sentence.' }] },
      contents: [{ role: 'user', parts: [{ text: 'Why is the sky blue?' }] }],
    },
  },
  tools: {
    summary: 'With a tool, thoughts shown',
    value: {
      contents: [{ role: 'user', parts: [{ text: 'Do I need a coat in Oslo?' }] }],
      tools: [
        {
          functionDeclarations: [
            {
              name: 'get_weather',
              description: 'Weather of a city, now.',
              parametersJsonSchema: {
                type: 'object',
                properties: { city: { type: 'string' } },
                required: ['city'],
              },
            },
          ],
        },
      ],
      generationConfig: { thinkingConfig: { thinkingLevel: 'LOW', includeThoughts: true } },
    },
  },
  image: {
    summary: 'With an image',
    value: {
      contents: [
        {
          role: 'user',
          parts: [{ text: 'What colour is this?' }, { inlineData: { mimeType: 'image/png', data: PIXEL } }],
        },
      ],
    },
  },
  json: {
    summary: 'Answered with JSON that fits a schema',
    value: {
      contents: [{ role: 'user', parts: [{ text: 'Who wrote Faust?' }] }],
      generationConfig: {
        responseMimeType: 'application/json',
        responseJsonSchema: {
          type: 'object',
          properties: { name: { type: 'string' }, born: { type: 'integer' } },
          required: ['name', 'born'],
        },
      },
    },
  },
};

const head = { modelVersion: 'claude-sonnet-5', responseId: 'msg_01' };
const usageMetadata = { promptTokenCount: 24, candidatesTokenCount: 17, totalTokenCount: 41, cost: 0.00004 };

function candidate(parts: object[], more: object = {}): object {
  return { content: { parts, role: 'model' }, index: 0, ...more };
}

export const responseExamples = {
  plain: {
    summary: 'An answer',
    value: {
      candidates: [candidate([{ text: 'Air scatters blue light most.' }], { finishReason: 'STOP' })],
      usageMetadata,
      ...head,
    },
  },
  tools: {
    summary: 'A call of a tool',
    value: {
      candidates: [
        candidate([{ functionCall: { id: 'toolu_01', name: 'get_weather', args: { city: 'Oslo' } } }], {
          finishReason: 'STOP',
        }),
      ],
      usageMetadata,
      ...head,
    },
  },
};

export const streamExample = {
  summary: 'The last event of a stream',
  value: {
    candidates: [candidate([{ text: '' }], { finishReason: 'STOP' })],
    usageMetadata,
    ...head,
  },
};
