import type {
  ChatCompletion,
  ChatCompletionMessage,
  ChatCompletionTokenLogprob,
} from 'openai/resources/chat/completions';
import type { CompletionUsage } from 'openai/resources/completions';
import type { Plan } from '../answering/script.js';
import { CITED } from '../answering/script.js';
import { pieces } from '../answering/tokens.js';
import type { Answer, Usage } from '../chat-dialect.js';
import type { JsonObject } from '../json.js';
import { asNumber } from '../json.js';

type FinishReason = ChatCompletion.Choice['finish_reason'];
type Message = ChatCompletionMessage & { reasoning_content?: string };

const FINISHES: Readonly<Record<Plan['finish'], FinishReason>> = {
  end: 'stop',
  stop: 'stop',
  length: 'length',
  calls: 'tool_calls',
  refusal: 'stop',
  filter: 'content_filter',
};

export function wholeAnswer(answer: Answer): unknown {
  const { body } = answer.request;
  const completion: ChatCompletion = {
    id: completionId(answer),
    object: 'chat.completion',
    created: nowInSeconds(),
    model: answer.model,
    choices: answer.plans.map((plan, index) => ({
      index,
      message: messageOf(plan, answer.id, index),
      logprobs: body.logprobs === true ? { content: logprobsOf(plan.text, body), refusal: null } : null,
      finish_reason: finishOf(plan),
    })),
    service_tier: tierOf(body),
    system_fingerprint: 'fp_simulator',
  };
  return answer.withUsage ? { ...completion, usage: usageOf(answer.usage) } : completion;
}

/** The one that did the work: that which was asked for, else the usual one. */
export function tierOf({ service_tier: asked }: JsonObject): 'default' | 'flex' {
  return asked === 'flex' ? asked : 'default';
}

function messageOf(plan: Plan, id: number, choice: number): Message {
  const refused = plan.finish === 'refusal';
  return {
    role: 'assistant',
    content: refused || (plan.text === '' && plan.calls.length > 0) ? null : plan.text,
    refusal: refused ? plan.text : null,
    annotations: plan.cited ? [annotationOf(plan.text)] : [],
    ...(plan.reasoning === '' ? {} : { reasoning_content: plan.reasoning }),
    ...(plan.calls.length === 0
      ? {}
      : {
          tool_calls: plan.calls.map((call, index) => ({
            id: callId(id, choice, index),
            type: 'function' as const,
            function: { name: call.name, arguments: call.arguments },
          })),
        }),
  };
}

export function annotationOf(text: string): ChatCompletionMessage.Annotation {
  return { type: 'url_citation', url_citation: { start_index: 0, end_index: text.length, ...CITED } };
}

/** One made-up probability per piece: the longer the piece, the less likely. */
export function logprobsOf(text: string, body: JsonObject): ChatCompletionTokenLogprob[] {
  const alternatives = asNumber(body.top_logprobs) ?? 0;
  return pieces(text).map(token => {
    const bytes = [...Buffer.from(token)];
    const logprob = -bytes.length / 100;
    const others = Array.from({ length: Math.max(alternatives - 1, 0) }, (_, index) => ({
      token: `alternative ${index + 1}`,
      bytes: null,
      logprob: logprob - index - 1,
    }));
    const top_logprobs = alternatives === 0 ? [] : [{ token, bytes, logprob }, ...others];
    return { token, bytes, logprob, top_logprobs };
  });
}

export function usageOf(usage: Usage): CompletionUsage {
  const { input, cached, written, output, reasoning, imageInput, cost } = usage;
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: {
      cached_tokens: cached,
      audio_tokens: usage.audioInput ?? 0,
      ...(written > 0 && { cache_write_tokens: written }),
      ...(imageInput !== undefined && { image_tokens: imageInput }),
    },
    completion_tokens_details: {
      reasoning_tokens: reasoning,
      audio_tokens: usage.audioOutput ?? 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
    ...(cost !== undefined && { cost }),
  };
}

export function finishOf(plan: Plan): FinishReason {
  return FINISHES[plan.finish];
}

export function completionId({ id }: Answer): string {
  return `chatcmpl-sim-${id}`;
}

export function callId(id: number, choice: number, index: number): string {
  return `call_sim_${id}_${choice}_${index}`;
}

export function nowInSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
