import type OpenAI from 'openai';
import { sign } from '../answering/signatures.js';
import type { Plan, PlannedCall } from '../answering/script.js';
import { CITED } from '../answering/script.js';
import type { Answer, Usage } from '../chat-dialect.js';
import type { JsonObject } from '../json.js';
import { asList, asObject } from '../json.js';
import { logprobsOf, nowInSeconds, tierOf } from '../openai-chat/answer.js';
import { declaredTools } from './tools.js';

type Item = OpenAI.Responses.ResponseOutputItem;

export function wholeAnswer(answer: Answer): unknown {
  const [plan] = answer.plans;
  return responseOf(answer, plan ? itemsOf(plan, answer) : [], plan);
}

/** The response object; without a plan it has only begun. */
export function responseOf(answer: Answer, output: readonly Item[], plan: Plan | undefined): unknown {
  const { body } = answer.request;
  const finish = plan?.finish;
  const reason =
    finish === 'length' ? 'max_output_tokens' : finish === 'filter' ? 'content_filter' : undefined;
  return {
    id: `resp_sim_${answer.id}`,
    object: 'response',
    created_at: nowInSeconds(),
    status: plan ? (reason ? 'incomplete' : 'completed') : 'in_progress',
    background: false,
    error: null,
    incomplete_details: reason ? { reason } : null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    model: answer.model,
    output,
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    previous_response_id: null,
    reasoning: body.reasoning ?? { effort: null, summary: null },
    service_tier: plan ? tierOf(body) : 'auto',
    store: body.store ?? true,
    temperature: body.temperature ?? 1,
    text: body.text ?? { format: { type: 'text' } },
    tool_choice: body.tool_choice ?? 'auto',
    tools: body.tools ?? [],
    top_p: body.top_p ?? 1,
    truncation: 'disabled',
    usage: plan && answer.withUsage ? usageOf(answer.usage) : null,
    metadata: body.metadata ?? {},
  };
}

export function itemsOf(plan: Plan, answer: Answer): readonly Item[] {
  return [
    ...(plan.reasoning === '' ? [] : [reasoningItem(plan, answer)]),
    ...(plan.text === '' ? [] : [messageItem(plan, answer)]),
    ...plan.calls.map((call, index) => callItem(call, answer, index)),
  ];
}

function callItem(call: PlannedCall, answer: Answer, index: number): Item {
  const tool = declaredTools(answer.request.body).find(({ name }) => name === call.name);
  const called = { call_id: `call_sim_${answer.id}_${index}`, ...(tool?.called ?? { name: call.name }) };
  return tool?.custom
    ? { id: itemId('ctc', answer, index), type: 'custom_tool_call', input: call.arguments, ...called }
    : {
        id: itemId('fc', answer, index),
        type: 'function_call',
        status: 'completed',
        arguments: call.arguments,
        ...called,
      };
}

/** Reasoning is shown only in summary, and that only when asked; the cipher is over what is shown. */
function reasoningItem(plan: Plan, answer: Answer): OpenAI.Responses.ResponseReasoningItem {
  const text = shownReasoning(plan, answer);
  const included = asList(answer.request.body.include).includes('reasoning.encrypted_content');
  return {
    id: itemId('rs', answer),
    type: 'reasoning',
    summary: text === '' ? [] : [{ type: 'summary_text', text }],
    ...(included && { encrypted_content: sign(answer.model, text) }),
  };
}

function shownReasoning(plan: Plan, { request }: Answer): string {
  return asObject(request.body.reasoning ?? {}).summary == null ? '' : plan.reasoning;
}

function messageItem(plan: Plan, answer: Answer): OpenAI.Responses.ResponseOutputMessage {
  return {
    id: itemId('msg', answer),
    type: 'message',
    status: plan.finish === 'length' ? 'incomplete' : 'completed',
    role: 'assistant',
    content: [contentOf(plan, answer.request.body)],
  };
}

function contentOf(
  plan: Plan,
  body: JsonObject,
): OpenAI.Responses.ResponseOutputText | OpenAI.Responses.ResponseOutputRefusal {
  if (plan.finish === 'refusal') {
    return { type: 'refusal', refusal: plan.text };
  }
  const annotations = plan.cited
    ? [{ type: 'url_citation' as const, start_index: 0, end_index: plan.text.length, ...CITED }]
    : [];
  return { type: 'output_text', annotations, logprobs: probabilities(plan.text, body), text: plan.text };
}

export function probabilities(text: string, body: JsonObject): OpenAI.Responses.ResponseOutputText.Logprob[] {
  if (!asList(body.include).includes('message.output_text.logprobs')) {
    return [];
  }
  return logprobsOf(text, body).map(({ token, logprob, bytes, top_logprobs }) => ({
    token,
    logprob,
    bytes: bytes ?? [],
    top_logprobs: top_logprobs.map(other => ({ ...other, bytes: other.bytes ?? [] })),
  }));
}

export function usageOf({
  input,
  cached,
  written,
  output,
  reasoning,
}: Usage): OpenAI.Responses.ResponseUsage {
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: input + output,
  };
}

function itemId(kind: string, { id }: Answer, index = 0): string {
  return `${kind}_sim_${id}_${index}`;
}
