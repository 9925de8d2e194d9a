import { countTokens } from '../answering/tokens.js';
import { asList, asText } from '../json.js';
import { checkKey } from '../openai-chat/check-request.js';
import { require400 } from '../refusal.js';
import { words } from '../words.js';
import { checkModel, checkTexts, checkWhole, refuseUnknown } from './checks.js';
import type { Task } from './serve-task.js';
import { vectorOf } from './vectors.js';

const FIELDS = words(
  'model texts images inputs input_type embedding_types output_dimension max_tokens truncate priority',
);
const INPUT_TYPES = words('search_document search_query classification clustering image');
const MOST_TEXTS = 96;
const SIZES = [256, 512, 1024, 1536];
const USUAL_SIZE = 1536;

/** Cohere's embed v2: insists on what the vectors are for. */
export const cohereEmbed: Task = {
  vendor: 'cohere',
  check({ headers, body }) {
    checkKey(headers);
    checkModel(body);
    refuseUnknown(body, FIELDS, 422);
    checkTexts(body.texts, 'texts', MOST_TEXTS);
    const type = asText(body.input_type);
    require400(
      INPUT_TYPES.has(type),
      `invalid request: input_type must be one of ${[...INPUT_TYPES].join(', ')}.`,
    );
    const size = checkWhole(body, 'output_dimension', USUAL_SIZE);
    require400(
      size === undefined || SIZES.includes(size),
      `output_dimension must be one of ${SIZES.join(', ')}.`,
    );
  },
  answer({ body }, id) {
    const model = asText(body.model);
    const texts = asList(body.texts).map(asText);
    const size = checkWhole(body, 'output_dimension', USUAL_SIZE) ?? USUAL_SIZE;
    const tokens = texts.reduce((sum, text) => sum + countTokens(text), 0);
    return {
      model,
      texts,
      body: {
        id: `embed-sim-${id}`,
        embeddings: { float: texts.map(text => vectorOf(model, text, size)) },
        texts,
        response_type: 'embeddings_by_type',
      },
      usage: { meta: { api_version: { version: '2' }, billed_units: { input_tokens: tokens } } },
      sold: { input: tokens },
    };
  },
  errorBody: ({ message }) => ({ message }),
};
