import { countTokens } from '../answering/tokens.js';
import type { ChatRequest } from '../chat-dialect.js';
import type { JsonObject } from '../json.js';
import { asList, asText } from '../json.js';
import { checkKey } from '../openai-chat/check-request.js';
import { errorBody } from '../openai-chat/errors.js';
import { require400 } from '../refusal.js';
import { words } from '../words.js';
import { checkModel, checkTexts, checkWhole, detailBody, refuseUnknown } from './checks.js';
import type { Task, TaskAnswer } from './serve-task.js';
import { packed, vectorOf } from './vectors.js';

const MOST_INPUTS = 2048;
const USUAL_SIZE = 1536;
const SIZES: Readonly<Record<string, number>> = { 'text-embedding-3-large': 3072, 'mistral-embed': 1024 };

/** What a vendor of OpenAI's shape does its own way. */
interface Variant {
  readonly vendor: string;
  readonly fields: ReadonlySet<string>;
  /** Of a field that it does not know. */
  readonly unknownStatus: number | null;
  readonly sizeField: string;
  readonly formats: readonly string[];
  readonly tokens: boolean;
  readonly usage: (tokens: number) => object;
  readonly errorBody: Task['errorBody'];
}

const OPENAI: Variant = {
  vendor: 'openai',
  fields: words('model input dimensions encoding_format user'),
  unknownStatus: 400,
  sizeField: 'dimensions',
  formats: ['float', 'base64'],
  tokens: true,
  usage: tokens => ({ prompt_tokens: tokens, total_tokens: tokens }),
  errorBody,
};

const VARIANTS: Readonly<Record<string, Variant>> = {
  openai: OPENAI,
  mistral: {
    ...OPENAI,
    vendor: 'mistral',
    fields: words('model input output_dimension output_dtype encoding_format metadata'),
    unknownStatus: 422,
    sizeField: 'output_dimension',
    tokens: false,
    usage: tokens => ({ prompt_tokens: tokens, total_tokens: tokens, completion_tokens: 0 }),
    errorBody: detailBody,
  },
  voyage: {
    ...OPENAI,
    vendor: 'voyage',
    fields: words('model input input_type truncation output_dimension output_dtype encoding_format'),
    sizeField: 'output_dimension',
    formats: ['base64'],
    tokens: false,
    usage: tokens => ({ total_tokens: tokens }),
    errorBody: detailBody,
  },
  fireworks: {
    ...OPENAI,
    vendor: 'fireworks',
    fields: words('model input prompt_template dimensions return_logits normalize'),
    formats: [],
    tokens: false,
  },
  together: {
    ...OPENAI,
    vendor: 'together',
    fields: words('model input'),
    formats: [],
    tokens: false,
  },
  jina: {
    ...OPENAI,
    vendor: 'jina',
    fields: words('model input task dimensions embedding_type late_chunking truncate normalized'),
    unknownStatus: 422,
    formats: [],
    tokens: false,
    errorBody: detailBody,
  },
};
/** Every other vendor takes what it knows of OpenAI's and overlooks the rest. */
const LENIENT: Variant = { ...OPENAI, unknownStatus: null };

/** Embeddings at a vendor that shares OpenAI's shape. */
export function embeddingsOf(vendor: string): Task {
  const variant = VARIANTS[vendor] ?? LENIENT;
  return {
    vendor,
    check: request => check(request, variant),
    answer: request => answer(request, variant),
    errorBody: variant.errorBody,
  };
}

function check({ headers, body }: ChatRequest, variant: Variant): void {
  checkKey(headers);
  const model = checkModel(body);
  if (variant.unknownStatus !== null) {
    refuseUnknown(body, variant.fields, variant.unknownStatus);
  }
  checkInput(body.input, variant.tokens);
  const format = body.encoding_format ?? null;
  require400(
    format === null || variant.formats.includes(asText(format)),
    `Invalid value: '${String(format)}'.`,
    { param: 'encoding_format' },
  );
  const size = checkWhole(body, variant.sizeField, sizeOf(model));
  require400(
    size === undefined || model !== 'text-embedding-ada-002',
    'This model does not support specifying dimensions.',
    { param: variant.sizeField },
  );
}

function checkInput(input: unknown, tokens: boolean): void {
  const list = inputsOf(input);
  if (tokens && list.length > 0 && list.every(isTokens)) {
    require400(list.length <= MOST_INPUTS, "'input' is too long.", { param: 'input' });
    return;
  }
  checkTexts(list, 'input', MOST_INPUTS);
}

function inputsOf(input: unknown): readonly unknown[] {
  return typeof input === 'string' || isTokens(input) ? [input] : asList(input);
}

function isTokens(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every(token => Number.isInteger(token));
}

function answer({ body }: ChatRequest, { sizeField, usage }: Variant): TaskAnswer {
  const model = asText(body.model);
  const inputs = inputsOf(body.input);
  const texts = inputs.map(input => (isTokens(input) ? input.join(' ') : asText(input)));
  const size = checkWhole(body, sizeField, Infinity) ?? sizeOf(model);
  const tokens = inputs.reduce<number>((sum, input) => sum + tokensIn(input), 0);
  return {
    model,
    texts,
    body: {
      object: 'list',
      data: texts.map((text, index) => entry({ body, model, text, size }, index)),
      model,
    },
    usage: { usage: usage(tokens) },
    sold: { input: tokens },
  };
}

interface Embedded {
  readonly body: JsonObject;
  readonly model: string;
  readonly text: string;
  readonly size: number;
}

function entry({ body, model, text, size }: Embedded, index: number): object {
  const vector = vectorOf(model, text, size);
  return {
    object: 'embedding',
    index,
    embedding: body.encoding_format === 'base64' ? packed(vector) : vector,
  };
}

function tokensIn(input: unknown): number {
  return isTokens(input) ? input.length : countTokens(asText(input));
}

function sizeOf(model: string): number {
  return SIZES[model] ?? USUAL_SIZE;
}
