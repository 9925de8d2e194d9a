import {
  ApiError,
  type Content,
  createPartFromFunctionResponse,
  type GenerateContentConfig,
  type GenerateContentParameters,
  type GenerateContentResponse,
  GoogleGenAI,
  type Part,
  ThinkingLevel,
} from '@google/genai';
import { costIn, type Ask, type Client, type Said, type Watch, type Way } from './client.js';
import { describeMatrix } from './describe-matrix.js';

type Turn = readonly Content[];

class GenerateContentClient implements Client<Turn> {
  constructor(private readonly sdk: GoogleGenAI) {}

  async ask(ask: Ask<Turn>, way: Way, { signal, onText }: Watch = {}): Promise<Said<Turn>> {
    const params = paramsOf(ask, signal);
    if (way === 'whole') {
      return said([await this.sdk.models.generateContent(params)]);
    }
    const chunks: GenerateContentResponse[] = [];
    for await (const chunk of await this.sdk.models.generateContentStream(params)) {
      chunks.push(chunk);
      if (textOf([chunk]) !== '') {
        onText?.(textOf([chunk]));
      }
    }
    return said(chunks);
  }
}

function paramsOf(ask: Ask<Turn>, abortSignal?: AbortSignal): GenerateContentParameters {
  const { model, system, tools, schema, reasoning, stop, maxTokens } = ask;
  const config: GenerateContentConfig = {
    ...(abortSignal && { abortSignal }),
    ...(system !== undefined && { systemInstruction: system }),
    ...(tools && {
      tools: [
        {
          functionDeclarations: tools.map(({ name, schema: parametersJsonSchema }) => ({
            name,
            parametersJsonSchema,
          })),
        },
      ],
    }),
    ...(schema && { responseMimeType: 'application/json', responseJsonSchema: schema }),
    ...(reasoning && { thinkingConfig: { includeThoughts: true, thinkingLevel: ThinkingLevel.HIGH } }),
    ...(stop && { stopSequences: [...stop] }),
    ...(maxTokens !== undefined && { maxOutputTokens: maxTokens }),
  };
  return { model, contents: contentsOf(ask), config };
}

function contentsOf({ text, image, pdf, rounds = [] }: Ask<Turn>): Content[] {
  const parts: Part[] = [{ text }];
  if (image) {
    parts.push({ inlineData: { mimeType: 'image/png', data: image } });
  }
  if (pdf) {
    parts.push({ inlineData: { mimeType: 'application/pdf', data: pdf } });
  }
  const later = rounds.flatMap(({ said, results = [], next }): Content[] => [
    ...said.turn,
    {
      role: 'user',
      parts: [
        ...results.map((output, index) => {
          const { id = '', name = '' } = said.calls[index] ?? {};
          return createPartFromFunctionResponse(id, name, { output });
        }),
        ...(next === undefined ? [] : [{ text: next }]),
      ],
    },
  ]);
  return [{ role: 'user', parts }, ...later];
}

const partsOf = (chunks: readonly GenerateContentResponse[]): Part[] =>
  chunks.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? []);

const textOf = (chunks: readonly GenerateContentResponse[]): string =>
  partsOf(chunks)
    .map(({ text = '', thought }) => (thought ? '' : text))
    .join('');

const FILTERED = /^(SAFETY|PROHIBITED_CONTENT|BLOCKLIST|RECITATION|SPII)$/;

function said(chunks: readonly GenerateContentResponse[]): Said<Turn> {
  const last = chunks.at(-1);
  const parts = partsOf(chunks);
  const calls = parts.flatMap(({ functionCall }) => functionCall ?? []);
  const reason = chunks.flatMap(({ candidates }) => candidates?.[0]?.finishReason ?? []).at(-1);
  const {
    promptTokenCount = 0,
    candidatesTokenCount = 0,
    thoughtsTokenCount = 0,
  } = last?.usageMetadata ?? {};
  return {
    text: textOf(chunks),
    reasoning: parts.map(({ text = '', thought }) => (thought ? text : '')).join(''),
    calls: calls.map(({ id = '', name = '', args }) => ({ id, name, args })),
    finish: [reason, calls.length > 0 && 'calls'].filter(Boolean).join(' '),
    refused: FILTERED.test(reason ?? '') || last?.promptFeedback?.blockReason !== undefined,
    usage: {
      input: promptTokenCount,
      output: candidatesTokenCount + thoughtsTokenCount,
      reasoning: thoughtsTokenCount,
      cost: costIn(last?.usageMetadata),
    },
    // As the SDK's own chats keep it: a content for each chunk.
    turn: chunks.flatMap(({ candidates }) => candidates?.[0]?.content ?? []),
  };
}

/** Of the error's body, which the SDK has as its message. */
function retryDelay(error: unknown): string | undefined {
  return /"retryDelay":"(\d+)s"/.exec((error as ApiError).message)?.[1];
}

describeMatrix({
  name: 'Google SDK',
  words: {
    finish: { end: 'STOP', stop: 'STOP', length: 'MAX_TOKENS', calls: 'STOP calls' },
    overloaded: 503,
    errorClass: () => ApiError,
    retryAfter: retryDelay,
    fields: {
      schema: 'responseJsonSchema',
      image: 'contents.parts.inlineData',
      pdf: 'contents.parts.inlineData',
      pdfName: null,
      stop: 'generationConfig.stopSequences',
    },
  },
  connect: ({ url }, apiKey) =>
    new GenerateContentClient(new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url } })),
});
