import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import type { Plan } from '../answering/script.js';
import { fragments, pieces } from '../answering/tokens.js';
import type { Answer, Frame } from '../chat-dialect.js';
import { asObject } from '../json.js';
import {
  annotationOf,
  callId,
  completionId,
  finishOf,
  logprobsOf,
  nowInSeconds,
  tierOf,
  usageOf,
} from './answer.js';

type Choice = ChatCompletionChunk.Choice;
type Delta = ChatCompletionChunk.Choice.Delta & {
  reasoning_content?: string;
  annotations?: readonly unknown[];
};

/** The chunks of a streamed answer: role, deltas and finish of each choice, then usage when asked, then `[DONE]`. */
export function* streamFrames(answer: Answer): Iterable<Frame> {
  const chunks = new ChunkWriter(answer);
  for (const [index, plan] of answer.plans.entries()) {
    yield {
      data: chunks.delta(index, {
        role: 'assistant',
        content: plan.calls.length > 0 ? null : '',
        refusal: null,
      }),
    };
    yield* contentFrames(chunks, plan, index);
    yield* callFrames(chunks, plan, { id: answer.id, index });
    yield { data: chunks.finish(index, plan), ending: true };
  }
  if (chunks.includesUsage) {
    yield { data: chunks.usage(), ending: true };
  }
  yield { data: 'data: [DONE]\n\n', ending: true };
}

function* contentFrames(chunks: ChunkWriter, plan: Plan, index: number): Iterable<Frame> {
  for (const piece of pieces(plan.reasoning)) {
    yield { data: chunks.delta(index, { reasoning_content: piece }), reasoning: piece };
  }
  const field = plan.finish === 'refusal' ? 'refusal' : 'content';
  for (const piece of pieces(plan.text)) {
    yield { data: chunks.delta(index, { [field]: piece }, piece), answer: piece };
  }
  if (plan.cited) {
    yield { data: chunks.delta(index, { annotations: [annotationOf(plan.text)] }) };
  }
}

function* callFrames(chunks: ChunkWriter, plan: Plan, at: { id: number; index: number }): Iterable<Frame> {
  for (const [index, { name, arguments: args }] of plan.calls.entries()) {
    const opening = { index, id: callId(at.id, at.index, index), type: 'function' as const };
    yield {
      data: chunks.delta(at.index, { tool_calls: [{ ...opening, function: { name, arguments: '' } }] }),
      answer: name,
    };
    for (const piece of fragments(args)) {
      yield {
        data: chunks.delta(at.index, { tool_calls: [{ index, function: { arguments: piece } }] }),
        answer: piece,
      };
    }
  }
}

class ChunkWriter {
  readonly includesUsage: boolean;
  private readonly obfuscated: boolean;
  private readonly logprobs: boolean;
  private readonly head: Omit<ChatCompletionChunk, 'choices'>;

  constructor(private readonly answer: Answer) {
    const { body } = answer.request;
    const options = asObject(body.stream_options);
    this.includesUsage = options.include_usage === true && answer.withUsage;
    this.obfuscated = options.include_obfuscation !== false;
    this.logprobs = body.logprobs === true;
    this.head = {
      id: completionId(answer),
      object: 'chat.completion.chunk',
      created: nowInSeconds(),
      model: answer.model,
      service_tier: tierOf(body),
      system_fingerprint: 'fp_simulator',
    };
  }

  /** `text` is what log probabilities are told for. */
  delta(index: number, delta: Delta, text?: string): string {
    const logprobs =
      this.logprobs && text !== undefined
        ? { content: logprobsOf(text, this.answer.request.body), refusal: null }
        : null;
    return this.write([{ index, delta, logprobs, finish_reason: null }], null);
  }

  finish(index: number, plan: Plan): string {
    return this.write([{ index, delta: {}, logprobs: null, finish_reason: finishOf(plan) }], null);
  }

  usage(): string {
    return this.write([], usageOf(this.answer.usage));
  }

  private write(choices: Choice[], usage: ChatCompletionChunk['usage']): string {
    const chunk: ChatCompletionChunk = { ...this.head, choices };
    if (this.includesUsage) {
      chunk.usage = usage ?? null;
    }
    if (this.obfuscated) {
      chunk.obfuscation = 'sImPaD';
    }
    return `data: ${JSON.stringify(chunk)}\n\n`;
  }
}
