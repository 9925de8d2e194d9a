import { countTokens } from '../answering/tokens.js';
import type { ChatRequest } from '../chat-dialect.js';
import { checkKey as checkGoogleKey } from '../gemini/check-request.js';
import { target } from '../gemini/dialect.js';
import { errorBody } from '../gemini/errors.js';
import { asList, asObject, asText } from '../json.js';
import { checkKey } from '../openai-chat/check-request.js';
import { require400 } from '../refusal.js';
import { words } from '../words.js';
import { checkWhole, refuseUnknown } from './checks.js';
import { cohereEmbed } from './cohere-embed.js';
import type { Task } from './serve-task.js';
import { vectorOf } from './vectors.js';

const PREDICTION = words('instances parameters');
const INSTANCE = words('content task_type title');
const PARAMETERS = words('outputDimensionality autoTruncate');
const TITAN = words('inputText dimensions normalize embeddingTypes');
const GOOGLES_SIZE = 768;
const TITANS_SIZE = 1024;

/** Vertex's `:predict` of its models of text. */
export const vertexPrediction: Task = {
  vendor: 'vertex',
  check(request) {
    checkGoogleKey(request);
    refuseUnknown(request.body, PREDICTION);
    const parameters = asObject(request.body.parameters);
    refuseUnknown(parameters, PARAMETERS);
    checkWhole(parameters, 'outputDimensionality', 3072);
    const instances = asList(request.body.instances).map(asObject);
    require400(instances.length > 0, 'Request contains no instances.');
    for (const instance of instances) {
      refuseUnknown(instance, INSTANCE);
      require400(asText(instance.content) !== '', 'The text content is empty.');
    }
  },
  answer(request) {
    const { model } = target(request);
    const size = Number(asObject(request.body.parameters).outputDimensionality ?? GOOGLES_SIZE);
    const texts = asList(request.body.instances).map(instance => asText(asObject(instance).content));
    const predictions = texts.map(text => ({
      embeddings: {
        values: vectorOf(model, text, size),
        statistics: { truncated: false, token_count: countTokens(text) },
      },
    }));
    const input = texts.reduce((sum, text) => sum + countTokens(text), 0);
    return { model, texts, body: { predictions }, usage: {}, sold: { input } };
  },
  errorBody,
};

/** Bedrock's InvokeModel of Titan and of Cohere, whose body names no model. */
export const bedrockInvocation: Task = {
  vendor: 'bedrock',
  check(request) {
    const model = modelOf(request);
    if (model.includes('cohere.')) {
      require400(request.body.model === undefined, '#: extraneous key [model] is not permitted');
      cohereEmbed.check({ ...request, body: { ...request.body, model } });
      return;
    }
    checkKey(request.headers);
    refuseUnknown(request.body, TITAN);
    checkWhole(request.body, 'dimensions', TITANS_SIZE);
    require400(asText(request.body.inputText) !== '', '#/inputText: expected minLength: 1, actual: 0');
  },
  answer(request, id) {
    const model = modelOf(request);
    if (model.includes('cohere.')) {
      return { ...cohereEmbed.answer({ ...request, body: { ...request.body, model } }, id), usage: {} };
    }
    const text = asText(request.body.inputText);
    const embedding = vectorOf(model, text, Number(request.body.dimensions ?? TITANS_SIZE));
    const input = countTokens(text);
    return {
      model,
      texts: [text],
      body: { embedding, embeddingsByType: { float: embedding } },
      usage: { inputTextTokenCount: input },
      sold: { input },
    };
  },
  errorBody: ({ message }) => ({ message }),
};

function modelOf({ url }: ChatRequest): string {
  return decodeURIComponent(/\/model\/([^/]+)\/invoke$/.exec(url.pathname)?.[1] ?? '');
}
