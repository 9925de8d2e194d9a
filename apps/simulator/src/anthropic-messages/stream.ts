import type { Plan } from '../answering/script.js';
import { fragments, pieces } from '../answering/tokens.js';
import type { Answer, Frame } from '../chat-dialect.js';
import {
  citationOf,
  ending,
  messageHead,
  redactedBlock,
  thinkingBlock,
  toolUseId,
  usageOf,
} from './answer.js';

/** The named events of a streamed answer: one block open at a time, a ping among them. */
export function* streamFrames(answer: Answer): Iterable<Frame> {
  const {
    withUsage,
    plans: [plan],
  } = answer;
  const opening = withUsage ? { usage: openingUsage(answer) } : {};
  const start = {
    ...messageHead(answer),
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
  };
  yield event('message_start', { message: { ...start, ...opening } });
  yield event('ping', {});
  yield* plan ? blockFrames(plan, answer) : [];
  const closing = withUsage ? { usage: closingUsage(answer) } : {};
  yield { ...event('message_delta', { delta: ending(plan), ...closing }), ending: true };
  yield { ...event('message_stop', {}), ending: true };
}

function openingUsage({ usage, request }: Answer) {
  const { output_tokens_details: _, ...rest } = usageOf(usage, request.body);
  return { ...rest, output_tokens: 1 };
}

function closingUsage({ usage, request }: Answer) {
  const { cache_creation: _, service_tier: __, inference_geo: ___, ...rest } = usageOf(usage, request.body);
  return rest;
}

function* blockFrames(plan: Plan, answer: Answer): Iterable<Frame> {
  let index = 0;
  if (plan.reasoning !== '' && plan.redacted) {
    yield { ...start(index, redactedBlock(answer.model)), reasoning: plan.reasoning };
    yield stop(index++);
  } else if (plan.reasoning !== '') {
    yield* thinkingFrames(plan, answer, index++);
  }
  if (plan.text !== '') {
    yield* textFrames(plan, index++);
  }
  for (const [position, call] of plan.calls.entries()) {
    const block = { type: 'tool_use', id: toolUseId(answer.id, position), name: call.name, input: {} };
    yield { ...start(index, block), answer: call.name };
    yield delta(index, { type: 'input_json_delta', partial_json: '' });
    for (const piece of fragments(call.arguments)) {
      yield { ...delta(index, { type: 'input_json_delta', partial_json: piece }), answer: piece };
    }
    yield stop(index++);
  }
}

function* thinkingFrames(plan: Plan, { model, request }: Answer, index: number): Iterable<Frame> {
  const { thinking, signature } = thinkingBlock(plan, model, request.body);
  yield start(index, { type: 'thinking', thinking: '', signature: '' });
  for (const piece of pieces(thinking)) {
    yield { ...delta(index, { type: 'thinking_delta', thinking: piece }), reasoning: piece };
  }
  // Thinking that is not shown is paid for all the same.
  const hidden = thinking === '' ? plan.reasoning : '';
  yield { ...delta(index, { type: 'signature_delta', signature }), reasoning: hidden };
  yield stop(index);
}

function* textFrames(plan: Plan, index: number): Iterable<Frame> {
  yield start(index, { type: 'text', text: '' });
  for (const piece of pieces(plan.text)) {
    yield { ...delta(index, { type: 'text_delta', text: piece }), answer: piece };
  }
  if (plan.cited) {
    yield delta(index, { type: 'citations_delta', citation: citationOf(plan.text) });
  }
  yield stop(index);
}

function start(index: number, content_block: object): Frame {
  return event('content_block_start', { index, content_block });
}

function delta(index: number, delta: object): Frame {
  return event('content_block_delta', { index, delta });
}

function stop(index: number): Frame {
  return event('content_block_stop', { index });
}

function event(type: string, fields: object): Frame {
  return { data: `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n` };
}
