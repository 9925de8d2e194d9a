import type Anthropic from '@anthropic-ai/sdk';
import type { Plan } from '../answering/script.js';
import { argumentsOf, CITED } from '../answering/script.js';
import { sign } from '../answering/signatures.js';
import type { Answer, Usage } from '../chat-dialect.js';
import type { JsonObject } from '../json.js';
import { asObject } from '../json.js';
import { REDACTED } from './check-thinking.js';

type StopReason = Anthropic.StopReason;

const STOP_REASONS: Readonly<Record<Plan['finish'], StopReason>> = {
  end: 'end_turn',
  stop: 'stop_sequence',
  length: 'max_tokens',
  calls: 'tool_use',
  refusal: 'refusal',
  filter: 'refusal',
};

export function wholeAnswer(answer: Answer): unknown {
  const [plan] = answer.plans;
  const message = { ...messageHead(answer), content: plan ? contentOf(plan, answer) : [], ...ending(plan) };
  return answer.withUsage ? { ...message, usage: usageOf(answer.usage, answer.request.body) } : message;
}

export function messageHead({ id, model }: Answer) {
  return { id: `msg_sim_${id}`, type: 'message', role: 'assistant', model } as const;
}

/** How the answer ended: the fields that a stream tells in `message_delta`. */
export function ending(plan: Plan | undefined) {
  const finish = plan?.finish ?? 'end';
  const refused = finish === 'refusal' || finish === 'filter';
  return {
    stop_reason: STOP_REASONS[finish],
    stop_sequence: plan?.stoppedBy ?? null,
    stop_details: refused
      ? { type: 'refusal' as const, category: 'cyber' as const, explanation: 'A simulated refusal.' }
      : null,
  };
}

function contentOf(plan: Plan, { id, model, request }: Answer): readonly unknown[] {
  return [
    ...(plan.reasoning === ''
      ? []
      : [plan.redacted ? redactedBlock(model) : thinkingBlock(plan, model, request.body)]),
    ...(plan.text === ''
      ? []
      : [{ type: 'text', text: plan.text, citations: plan.cited ? [citationOf(plan.text)] : null }]),
    ...plan.calls.map((call, index) => ({
      type: 'tool_use',
      id: toolUseId(id, index),
      name: call.name,
      input: argumentsOf(call),
    })),
  ];
}

/** The signature is over what is shown, so it can be checked when the block comes back. */
export function thinkingBlock(plan: Plan, model: string, body: JsonObject) {
  const thinking = asObject(body.thinking).display === 'omitted' ? '' : plan.reasoning;
  return { type: 'thinking', thinking, signature: sign(model, thinking) } as const;
}

export function redactedBlock(model: string) {
  return { type: 'redacted_thinking', data: sign(model, REDACTED) } as const;
}

export function citationOf(text: string): Anthropic.CitationsWebSearchResultLocation {
  return { type: 'web_search_result_location', cited_text: text, encrypted_index: 'c2lt', ...CITED };
}

export function usageOf({ input, cached, written, output, reasoning, hourly }: Usage, body: JsonObject) {
  const isHourly = JSON.stringify([body.system, body.cache_control]).includes('"ttl":"1h"');
  const forAnHour = hourly ?? (isHourly ? written : 0);
  return {
    input_tokens: input - cached - written,
    cache_creation_input_tokens: written,
    cache_read_input_tokens: cached,
    cache_creation: {
      ephemeral_5m_input_tokens: written - forAnHour,
      ephemeral_1h_input_tokens: forAnHour,
    },
    output_tokens: output,
    output_tokens_details: { thinking_tokens: reasoning },
    service_tier: 'standard',
    inference_geo: 'global',
  };
}

export function toolUseId(id: number, index: number): string {
  return `toolu_sim_${id}_${index}`;
}
