import type { Completion, CompletionUsage } from 'openai/resources/completions';
import type { Prompt } from '../answering/prompt.js';
import type { Plan } from '../answering/script.js';
import { pieces } from '../answering/tokens.js';
import type { Answer, ChatDialect, Frame } from '../chat-dialect.js';
import type { JsonObject } from '../json.js';
import { asList, asNumber, asObject, asText } from '../json.js';
import { finishOf, nowInSeconds, usageOf } from '../openai-chat/answer.js';
import { checkKey } from '../openai-chat/check-request.js';
import { openAiChat } from '../openai-chat/dialect.js';
import { Refusal, require400 } from '../refusal.js';
import { checkModel, checkWhole, refuseUnknown } from '../tasks/checks.js';
import { words } from '../words.js';

const FIELDS = words(
  `best_of echo frequency_penalty logit_bias logprobs max_tokens model n presence_penalty prompt seed stop stream
  stream_options suffix temperature top_p user`,
);
/** OpenAI's own limit where the caller sets none. */
const USUAL_TOKENS = 16;
/** The models that OpenAI still serves here. */
const COMPLETES = /instruct|davinci|babbage/;

/** OpenAI's legacy completions: a text goes on. */
export const openAiCompletions: ChatDialect = {
  ...openAiChat,
  check({ headers, body }) {
    checkKey(headers);
    const model = checkModel(body);
    refuseUnknown(body, FIELDS);
    if (/^(gpt-|o\d)/.test(model) && !COMPLETES.test(model)) {
      throw new Refusal(404, 'This is a chat model and not supported in the v1/completions endpoint.', {
        param: 'model',
      });
    }
    const prompts = promptsOf(body);
    require400(
      prompts.every(prompt => prompt !== ''),
      "Invalid 'prompt'.",
      { param: 'prompt' },
    );
    checkWhole(body, 'max_tokens', Infinity);
    const optionsFit = body.stream_options == null || body.stream === true;
    require400(optionsFit, "'stream_options' is only allowed when 'stream' is enabled.", {
      param: 'stream_options',
    });
  },
  readPrompt: ({ body }) => readPrompt(body),
  choices: ({ body }) => (asNumber(body.n) ?? 1) * promptsOf(body).length,
  whole: answer => {
    const completion = {
      ...head(answer),
      choices: answer.plans.map((plan, index) => choice(answer, plan, index)),
    };
    return answer.withUsage ? { ...completion, usage: usageOf(answer.usage) } : completion;
  },
  frames,
};

function promptsOf({ prompt }: JsonObject): readonly string[] {
  const list = typeof prompt === 'string' ? [prompt] : asList(prompt);
  return list.every(entry => typeof entry === 'number')
    ? [list.join(' ')]
    : list.map(entry => (typeof entry === 'string' ? entry : asList(entry).join(' ')));
}

function readPrompt(body: JsonObject): Prompt {
  return {
    model: asText(body.model),
    turns: promptsOf(body).map(text => ({ role: 'user', text, media: [] })),
    tools: [],
    mustCall: false,
    mayCallInParallel: false,
    answerSchema: undefined,
    reasoning: false,
    maxTokens: asNumber(body.max_tokens) ?? USUAL_TOKENS,
    stops: typeof body.stop === 'string' ? [body.stop] : asList(body.stop).map(asText),
    cache: 'none',
  };
}

function head({ id, model }: Answer): Omit<Completion, 'choices'> {
  return { id: `cmpl-sim-${id}`, object: 'text_completion', created: nowInSeconds(), model };
}

function choice({ request: { body } }: Answer, plan: Plan, index: number): Completion['choices'][number] {
  const echoed = body.echo === true ? (promptsOf(body)[index] ?? '') : '';
  return { text: echoed + plan.text, index, logprobs: null, finish_reason: finishReason(plan) };
}

function finishReason(plan: Plan): 'stop' | 'length' | 'content_filter' {
  const reason = finishOf(plan);
  return reason === 'length' || reason === 'content_filter' ? reason : 'stop';
}

function* frames(answer: Answer): Iterable<Frame> {
  const { body } = answer.request;
  const withUsage = asObject(body.stream_options).include_usage === true && answer.withUsage;
  const write = (choices: readonly object[], usage: CompletionUsage | null): string =>
    `data: ${JSON.stringify({ ...head(answer), choices, ...(withUsage && { usage }) })}\n\n`;
  for (const [index, plan] of answer.plans.entries()) {
    for (const text of pieces(plan.text)) {
      yield { data: write([{ text, index, logprobs: null, finish_reason: null }], null), answer: text };
    }
    const last = { text: '', index, logprobs: null, finish_reason: finishReason(plan) };
    yield { data: write([last], null), ending: true };
  }
  if (withUsage) {
    yield { data: write([], usageOf(answer.usage)), ending: true };
  }
  yield { data: 'data: [DONE]\n\n', ending: true };
}
