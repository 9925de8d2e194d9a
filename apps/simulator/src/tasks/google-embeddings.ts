import { countTokens } from '../answering/tokens.js';
import type { ChatRequest } from '../chat-dialect.js';
import { checkKey } from '../gemini/check-request.js';
import { target } from '../gemini/dialect.js';
import { errorBody } from '../gemini/errors.js';
import { field, unknownField } from '../gemini/fields.js';
import type { JsonObject } from '../json.js';
import { asList, asObject, asText } from '../json.js';
import { Refusal, require400 } from '../refusal.js';
import { words } from '../words.js';
import type { Task } from './serve-task.js';
import { vectorOf } from './vectors.js';

const FIELDS = words('model content taskType title outputDimensionality');
const TASK_TYPES = words(
  `TASK_TYPE_UNSPECIFIED RETRIEVAL_QUERY RETRIEVAL_DOCUMENT SEMANTIC_SIMILARITY CLASSIFICATION CLUSTERING
  QUESTION_ANSWERING FACT_VERIFICATION CODE_RETRIEVAL_QUERY`,
);
const MOST_REQUESTS = 100;
const USUAL_SIZE = 3072;

/** Google's `:batchEmbedContents` and `:embedContent`. */
export const googleEmbeddings: Task = {
  vendor: 'google',
  check(request) {
    checkKey(request);
    const { model } = target(request);
    if (model === 'no-such-model') {
      throw new Refusal(404, `models/${model} is not found for API version v1beta.`);
    }
    const requests = requestsOf(request);
    require400(requests.length > 0, 'batch_embed_contents.requests: must not be empty.');
    require400(requests.length <= MOST_REQUESTS, `at most ${MOST_REQUESTS} requests can be in one batch.`);
    requests.forEach(each => checkRequest(each, isBatch(request) ? `models/${model}` : undefined));
  },
  answer(request) {
    const { model } = target(request);
    const requests = requestsOf(request);
    const texts = requests.map(textOf);
    const embeddings = requests.map(each => ({
      values: vectorOf(model, textOf(each), Number(field(each, 'outputDimensionality') ?? USUAL_SIZE)),
    }));
    const promptTokenCount = texts.reduce((sum, text) => sum + countTokens(text), 0);
    return {
      model,
      texts,
      body: isBatch(request) ? { embeddings } : { embedding: embeddings[0] },
      usage: {
        usageMetadata: {
          promptTokenCount,
          promptTokenDetails: [{ modality: 'TEXT', tokenCount: promptTokenCount }],
        },
      },
      sold: { input: promptTokenCount },
    };
  },
  errorBody,
};

function isBatch(request: ChatRequest): boolean {
  return target(request).method === 'batchEmbedContents';
}

function requestsOf(request: ChatRequest): readonly JsonObject[] {
  return isBatch(request) ? asList(request.body.requests).map(asObject) : [request.body];
}

/** @param model that every request of a batch has to name again */
function checkRequest(request: JsonObject, model: string | undefined): void {
  const unknown = unknownField(request, FIELDS);
  require400(
    unknown === undefined,
    `Invalid JSON payload received. Unknown name "${unknown}": Cannot find field.`,
  );
  require400(model === undefined || request.model === model, `requests[].model: must be "${model}".`);
  require400(textOf(request) !== '', 'content is empty.');
  const taskType = asText(field(request, 'taskType') ?? 'TASK_TYPE_UNSPECIFIED');
  require400(TASK_TYPES.has(taskType), `Invalid value at 'task_type': "${taskType}".`);
  const size = field(request, 'outputDimensionality') ?? 1;
  require400(
    typeof size === 'number' && Number.isInteger(size) && size >= 1 && size <= USUAL_SIZE,
    `output_dimensionality must be from 1 to ${USUAL_SIZE}.`,
  );
}

function textOf(request: JsonObject): string {
  return asList(asObject(request.content).parts)
    .map(part => asText(asObject(part).text))
    .join('\n');
}
