import { countTokens } from '../answering/tokens.js';
import type { ChatRequest } from '../chat-dialect.js';
import { asList, asObject, asText, isObject } from '../json.js';
import { checkKey } from '../openai-chat/check-request.js';
import { errorBody } from '../openai-chat/errors.js';
import { require400 } from '../refusal.js';
import { words } from '../words.js';
import { checkModel, checkTexts, detailBody, refuseUnknown } from './checks.js';
import type { Task } from './serve-task.js';

const OPENAI = `harassment harassment/threatening hate hate/threatening illicit illicit/violent self-harm
  self-harm/instructions self-harm/intent sexual sexual/minors violence violence/graphic`;
const MISTRAL = `sexual hate_and_discrimination violence_and_threats dangerous_and_criminal_content selfharm health
  financial law pii`;
/** What is found violent, and nothing else is found. */
const VIOLENT = /\b(kill|attack|shoot)/i;

/** OpenAI's moderations: texts apart, the parts of a list together. */
export const openAiModerations: Task = {
  vendor: 'openai',
  check({ headers, body }) {
    checkKey(headers);
    checkModel(body);
    refuseUnknown(body, words('model input'));
    const parts = asList(body.input);
    if (typeof body.input !== 'string' && !parts.every(isObject)) {
      checkTexts(body.input, 'input', Infinity);
    }
    require400(
      body.input !== '' && (typeof body.input === 'string' || parts.length > 0),
      "'input' is empty.",
      {
        param: 'input',
      },
    );
  },
  answer({ body }, id) {
    const model = asText(body.model);
    const texts = textsOf({ body });
    return {
      model,
      texts,
      body: {
        id: `modr-sim-${id}`,
        model,
        results: texts.map(text => ({
          flagged: VIOLENT.test(text),
          ...judged(text, OPENAI, 'violence'),
          category_applied_input_types: { violence: ['text'] },
        })),
      },
      usage: {},
      sold: { input: texts.reduce((sum, text) => sum + countTokens(text), 0) },
    };
  },
  errorBody,
};

/** Mistral's: texts only, categories of its own, no `flagged`, and no field that it does not know. */
export const mistralModerations: Task = {
  vendor: 'mistral',
  check({ headers, body }) {
    checkKey(headers);
    checkModel(body);
    refuseUnknown(body, words('model input metadata'), 422);
    if (typeof body.input !== 'string') {
      checkTexts(body.input, 'input', Infinity);
    }
  },
  answer({ body }, id) {
    const texts = textsOf({ body });
    const tokens = texts.reduce((sum, text) => sum + countTokens(text), 0);
    return {
      model: asText(body.model),
      texts,
      body: {
        id: `mod-sim-${id}`,
        model: asText(body.model),
        results: texts.map(text => judged(text, MISTRAL, 'violence_and_threats')),
      },
      usage: { usage: { prompt_tokens: tokens, completion_tokens: 0, total_tokens: tokens } },
      sold: { input: tokens },
    };
  },
  errorBody: detailBody,
};

function textsOf({ body: { input } }: Pick<ChatRequest, 'body'>): readonly string[] {
  if (typeof input === 'string') {
    return [input];
  }
  const entries = asList(input);
  return entries.every(isObject)
    ? [entries.map(part => asText(asObject(part).text)).join('\n')]
    : entries.map(asText);
}

function judged(text: string, categories: string, violence: string): object {
  const names = [...words(categories)];
  const isHit = (name: string): boolean => name === violence && VIOLENT.test(text);
  return {
    categories: Object.fromEntries(names.map(name => [name, isHit(name)])),
    category_scores: Object.fromEntries(names.map(name => [name, isHit(name) ? 0.97 : 0.001])),
  };
}
