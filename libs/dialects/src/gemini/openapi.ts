import { llmhubSchema } from '../openai-chat/openapi.js';
import { anyObject, costSchema, flag, integer, number, text } from '../openai-chat/openapi-messages.js';
import { requestExamples, responseExamples, streamExample } from './openapi-examples.js';

const texts = { type: 'array', items: text };

/** A part of a content. Other parts that Google knows pass through. */
const partSchema = {
  type: 'object',
  additionalProperties: true,
  properties: {
    text,
    thought: { type: 'boolean', description: 'What the model thought; send it back in tool loops.' },
    thoughtSignature: { type: 'string', description: 'Send it back unchanged, on the part it came with.' },
    inlineData: {
      type: 'object',
      required: ['mimeType', 'data'],
      properties: { mimeType: text, data: { type: 'string', description: 'Base64.' } },
    },
    fileData: { type: 'object', required: ['fileUri'], properties: { mimeType: text, fileUri: text } },
    functionCall: {
      type: 'object',
      required: ['name'],
      properties: { id: text, name: text, args: anyObject },
    },
    functionResponse: {
      type: 'object',
      required: ['name', 'response'],
      properties: { id: text, name: text, response: anyObject },
    },
  },
};

const contentSchema = {
  type: 'object',
  properties: {
    role: { type: 'string', enum: ['user', 'model'] },
    parts: { type: 'array', items: partSchema },
  },
};

const toolSchema = {
  type: 'object',
  additionalProperties: true,
  properties: {
    functionDeclarations: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name'],
        additionalProperties: true,
        properties: {
          name: text,
          description: text,
          parametersJsonSchema: { ...anyObject, description: 'JSON Schema of the arguments.' },
          parameters: { ...anyObject, description: 'The older field, in OpenAPI’s words.' },
        },
      },
    },
  },
};

const configSchema = {
  type: 'object',
  additionalProperties: true,
  properties: {
    maxOutputTokens: { type: 'integer', description: 'Thinking included.' },
    temperature: { type: 'number', minimum: 0, maximum: 2 },
    topP: number,
    topK: number,
    candidateCount: integer,
    stopSequences: texts,
    seed: integer,
    presencePenalty: number,
    frequencyPenalty: number,
    responseLogprobs: flag,
    logprobs: integer,
    responseMimeType: { type: 'string', enum: ['text/plain', 'application/json', 'text/x.enum'] },
    responseJsonSchema: anyObject,
    responseSchema: { ...anyObject, description: 'The older field, in OpenAPI’s words.' },
    responseModalities: texts,
    thinkingConfig: {
      type: 'object',
      properties: {
        thinkingLevel: { type: 'string', enum: ['MINIMAL', 'LOW', 'MEDIUM', 'HIGH'] },
        thinkingBudget: { type: 'integer', description: 'In tokens; the older field.' },
        includeThoughts: flag,
      },
    },
  },
};

/** Body of POST …/models/{model}:generateContent. Fields that Google knows beyond these pass through. */
const generateContentRequestSchema = {
  type: 'object',
  required: ['contents'],
  additionalProperties: true,
  properties: {
    contents: { type: 'array', minItems: 1, items: contentSchema },
    systemInstruction: contentSchema,
    tools: { type: 'array', items: toolSchema },
    toolConfig: {
      type: 'object',
      additionalProperties: true,
      properties: {
        functionCallingConfig: {
          type: 'object',
          properties: {
            mode: { type: 'string', enum: ['AUTO', 'ANY', 'NONE', 'VALIDATED'] },
            allowedFunctionNames: texts,
          },
        },
      },
    },
    generationConfig: configSchema,
    safetySettings: { type: 'array', items: anyObject, description: 'For Google alone.' },
    serviceTier: { type: 'string', enum: ['standard', 'flex', 'priority'] },
    cachedContent: text,
    labels: anyObject,
  },
};

/** A whole answer, and each event of a streamed one. */
const generateContentResponseSchema = {
  type: 'object',
  properties: {
    candidates: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          content: contentSchema,
          finishReason: { type: 'string', description: '`STOP` for calls of tools, too.' },
          finishMessage: text,
          index: integer,
          groundingMetadata: anyObject,
          logprobsResult: anyObject,
        },
      },
    },
    promptFeedback: { type: 'object', properties: { blockReason: text, blockReasonMessage: text } },
    usageMetadata: {
      type: 'object',
      properties: {
        promptTokenCount: { type: 'integer', description: 'Cached tokens included.' },
        cachedContentTokenCount: integer,
        candidatesTokenCount: { type: 'integer', description: 'Thoughts not included.' },
        thoughtsTokenCount: integer,
        totalTokenCount: integer,
        cost: costSchema,
      },
    },
    modelVersion: { type: 'string', description: 'The model that answered, as the vendor names it.' },
    responseId: text,
    x_llmhub: llmhubSchema,
  },
};

/** Body of every failure. */
export const geminiErrorSchema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'status'],
      properties: {
        code: { type: 'integer', description: 'The HTTP status.' },
        message: { type: 'string', description: 'What to do next.' },
        status: { type: 'string', description: '`INVALID_ARGUMENT`, `NOT_FOUND`, `RESOURCE_EXHAUSTED`, …' },
        details: { type: 'array', items: anyObject },
      },
    },
  },
};

/** For the decorators of the Gemini endpoints. */
export const generateContentOpenApi = {
  model: {
    name: 'model',
    type: String,
    description: '`vendor/model`, or a bare name that the gateway knows.',
    example: 'anthropic/claude-sonnet-5',
  },
  alt: { name: 'alt', required: false, schema: { type: 'string', enum: ['sse', 'json'] } },
  body: { schema: generateContentRequestSchema, examples: requestExamples },
  countBody: { schema: generateContentRequestSchema, examples: { plain: requestExamples.plain } },
  response: {
    status: 200,
    description: 'The answer.',
    content: { 'application/json': { schema: generateContentResponseSchema, examples: responseExamples } },
  },
  stream: {
    status: 200,
    description: 'The answer in pieces; the last one tells why it ended, and what was used.',
    content: {
      'text/event-stream': { schema: generateContentResponseSchema, examples: { streamed: streamExample } },
      'application/json': { schema: { type: 'array', items: generateContentResponseSchema } },
    },
  },
};
