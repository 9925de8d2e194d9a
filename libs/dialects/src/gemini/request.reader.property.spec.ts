import { fc } from '../../../../test/support/properties.js';
import type { GenerationRequest } from '../domain/conversation.js';
import { parseExact } from '../domain/exact-json.js';
import { Losses } from '../domain/losses.js';
import { geminiClient } from './client.js';
import { seal } from './fixtures/called.js';
import { signed, targetWith } from './fixtures/written.js';
import { sealSignature } from './sealed-signature.js';
import { geminiVendor } from './vendor.js';

type Json = Record<string, unknown>;

const target = targetWith({ reasoning: 'level' });
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const plain = fc.record({
  type: fc.constant('object'),
  properties: fc.constant({ new_name: { type: 'string' } }),
});
/** Members of tomorrow. */
const unknown = fc.dictionary(
  fc.stringMatching(/^new[A-Z][a-z]{1,5}$/),
  fc.oneof(text, fc.integer(), plain),
  {
    maxKeys: 2,
  },
);

function object(
  required: Record<string, fc.Arbitrary<unknown>>,
  optional: Record<string, fc.Arbitrary<unknown>> = {},
) {
  return fc
    .tuple(fc.record(required), fc.record(optional, { requiredKeys: [] }), unknown)
    .map(([must, may, more]): Json => ({ ...more, ...may, ...must }));
}

const signature = fc.constantFrom(
  'AQID', // Google's own, as it came through the gateway unread
  sealSignature(signed('own', target.model), seal),
);
const blob = object({
  mimeType: fc.constantFrom('image/png', 'application/pdf'),
  data: fc.base64String({ minLength: 4 }),
});
const userPart = fc.oneof(
  object({ text }),
  object({ inlineData: blob }, { videoMetadata: fc.constant({ fps: 2 }) }),
  object({
    fileData: object(
      {
        fileUri: fc.constantFrom('gs://b/o', 'https://a.example/b.pdf'),
        mimeType: fc.constant('application/pdf'),
      },
      {},
    ),
  }),
  object({ executableCode: fc.constant({ code: '1', language: 'PYTHON' }) }),
);
/** Signed, or Google would be sent what stands in for a signature. */
const call = object({
  functionCall: object({
    id: fc.uuid(),
    name: text,
    args: fc.dictionary(text, fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 }),
  }),
  thoughtSignature: signature,
});
const thought = object({ text, thought: fc.constant(true), thoughtSignature: signature });
/** Texts with nothing on them are joined, so that none stands beside another. */
const modelPart = fc.oneof(call, thought, object({ text, thoughtSignature: signature }));

/** User and model take turns; the calls of a model are answered in the content behind it. */
const contents = fc
  .array(
    fc.tuple(
      fc.array(userPart, { minLength: 1, maxLength: 3 }),
      fc.array(modelPart, { minLength: 1, maxLength: 4 }),
    ),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map(exchanges => {
    const list: Json[] = [];
    let results: Json[] = [];
    for (const [user, model] of exchanges) {
      list.push({ role: 'user', parts: [...results, ...user] });
      results = model.flatMap(part => (part['functionCall'] ? [resultOf(part['functionCall'] as Json)] : []));
      list.push({ role: 'model', parts: model });
    }
    return results.length > 0 ? [...list, { role: 'user', parts: results }] : list;
  });

function resultOf({ id, name }: Json): Json {
  return { functionResponse: { id, name, response: { output: 'ok' } } };
}

const declared = object(
  { name: fc.constantFrom('f', 'g') },
  { description: text, parametersJsonSchema: plain, behavior: fc.constant('BLOCKING') },
);
const body = object(
  { contents },
  {
    systemInstruction: fc.record({ parts: fc.array(fc.record({ text }), { minLength: 1, maxLength: 1 }) }),
    tools: fc.array(
      fc.oneof(fc.record({ functionDeclarations: fc.array(declared, { minLength: 1, maxLength: 2 }) })),
      { minLength: 1, maxLength: 1 },
    ),
    toolConfig: object({}, { includeServerSideToolInvocations: fc.boolean() }),
    safetySettings: fc.constant([{ category: 'HARM_CATEGORY_HATE_SPEECH', threshold: 'OFF' }]),
    cachedContent: text,
    labels: fc.constant({ snake_key: 'kept' }),
    serviceTier: fc.constantFrom('standard', 'flex', 'priority'),
    generationConfig: object(
      {},
      {
        temperature: fc.double({ min: 0, max: 2, noNaN: true }).map(n => n + 0),
        topP: fc.constant(0.5),
        topK: fc.nat(),
        maxOutputTokens: fc.nat(),
        candidateCount: fc.integer({ min: 2, max: 8 }),
        seed: fc.integer(),
        stopSequences: fc.array(text, { minLength: 1, maxLength: 5 }),
        responseModalities: fc.constantFrom(['IMAGE'], ['TEXT', 'AUDIO']),
        speechConfig: plain,
        imageConfig: fc.constant({ aspectRatio: '1:1' }),
        thinkingConfig: fc.record(
          {
            thinkingLevel: fc.constantFrom('MINIMAL', 'LOW', 'MEDIUM', 'HIGH'),
            includeThoughts: fc.constant(true),
          },
          { requiredKeys: [] },
        ),
      },
    ),
  },
);

function read(wire: unknown): GenerationRequest {
  return geminiClient.readRequest(parseExact(JSON.stringify(wire)), seal);
}

function write(request: GenerationRequest): { body: Json; losses: string[] } {
  const losses = new Losses();
  const written = geminiVendor.writeRequest(request, target, losses);
  return {
    body: plainOf(written) as Json,
    losses: losses.list.map(({ action, field }) => `${action} ${field}`),
  };
}

const plainOf = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** What the vendor must get of a wire body: sealed signatures opened, and nothing that says nothing. */
function expected(wire: Json): unknown {
  const opened = JSON.stringify(wire).replaceAll(sealSignature(signed('own', target.model), seal), 'own');
  const made = JSON.parse(opened) as Json;
  for (const name of ['generationConfig', 'toolConfig']) {
    const config = made[name] as Json | undefined;
    const thinking = config?.['thinkingConfig'] as Json | undefined;
    if (thinking && Object.keys(thinking).length === 0) {
      delete config?.['thinkingConfig'];
    }
    if (config && Object.keys(config).length === 0) {
      delete made[name];
    }
  }
  return made;
}

describe('a Gemini request, read and written for Google', () => {
  it('is the same again, with all that only Google knows', () => {
    fc.assert(
      fc.property(body, wire => {
        const { body: written, losses } = write(read(wire));

        expect(losses).toEqual([]);
        expect(written).toEqual(expected(wire));
      }),
    );
  });

  it('means the same in snake_case', () => {
    fc.assert(
      fc.property(body, wire => {
        expect(plainOf(read(inSnakeCase(wire)))).toEqual(plainOf(read(wire)));
      }),
    );
  });
});

const FREE = new Set([
  'args',
  'response',
  'parametersJsonSchema',
  'labels',
  'videoMetadata',
  'imageConfig',
  'speechConfig',
  'executableCode',
]);

/** Names that are Google's own; what callers named stays. */
function inSnakeCase(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(inSnakeCase);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key.startsWith('new') ? key : key.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`),
      FREE.has(key) || key.startsWith('new') ? member : inSnakeCase(member),
    ]),
  );
}
