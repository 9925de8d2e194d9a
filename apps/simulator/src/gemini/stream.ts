import type { Plan } from '../answering/script.js';
import { pieces, tokensOfBytes } from '../answering/tokens.js';
import type { Answer, Frame } from '../chat-dialect.js';
import {
  BLOCKED,
  callPart,
  candidate,
  includesThoughts,
  isBlocked,
  isPicture,
  response,
  shownPart,
  textSignature,
} from './answer.js';

export function isEventStream(url: URL): boolean {
  return url.searchParams.get('alt') === 'sse';
}

/** Whole responses, each with new parts; the last has the finish reason. No terminal event: the body just ends. */
export function* streamFrames(answer: Answer): Iterable<Frame> {
  const chunks = new ChunkWriter(answer);
  if (isBlocked(answer)) {
    yield { data: chunks.write(BLOCKED) };
  } else {
    for (const [index, plan] of answer.plans.entries()) {
      yield* planFrames(chunks, plan, { answer, index });
    }
  }
  if (!chunks.isEventStream) {
    yield { data: ']', ending: true };
  }
}

interface Place {
  readonly answer: Answer;
  readonly index: number;
}

function* planFrames(chunks: ChunkWriter, plan: Plan, { answer, index }: Place): Iterable<Frame> {
  if (includesThoughts(answer.request.body)) {
    for (const piece of pieces(plan.reasoning)) {
      yield chunks.reasoning(piece, [candidate(index, [{ text: piece, thought: true }])]);
    }
  } else {
    yield chunks.silent(plan.reasoning, '');
  }
  if (plan.finish === 'refusal') {
    yield chunks.silent('', plan.text);
  } else {
    for (const piece of isPicture(answer) ? [plan.text] : pieces(plan.text)) {
      yield chunks.answer(piece, [candidate(index, [shownPart(piece, answer)])]);
    }
  }
  for (const [position, call] of plan.calls.entries()) {
    const parts = [callPart(call, position, answer)];
    yield chunks.answer(call.name + call.arguments, [candidate(index, parts)]);
  }
  const last = candidate(index, [{ text: '', ...textSignature(plan, answer.model) }], plan);
  const isLast = index === answer.plans.length - 1;
  yield { data: chunks.write({ candidates: [last] }, isLast), ending: true };
}

class ChunkWriter {
  readonly isEventStream: boolean;
  private reasoningBytes = 0;
  private answerBytes = 0;
  private first = true;

  constructor(private readonly source: Answer) {
    this.isEventStream = isEventStream(source.request.url);
  }

  reasoning(piece: string, candidates: readonly object[]): Frame {
    this.spend(piece, '');
    return { data: this.write({ candidates }), reasoning: piece };
  }

  answer(piece: string, candidates: readonly object[]): Frame {
    this.spend('', piece);
    return { data: this.write({ candidates }), answer: piece };
  }

  /** What was generated, and is paid for, without being shown. */
  silent(reasoning: string, answer: string): Frame {
    this.spend(reasoning, answer);
    return { data: '', reasoning, answer };
  }

  /** @param isLast by then all was generated that is billed */
  write(fields: object, isLast = false): string {
    const reasoning = tokensOfBytes(this.reasoningBytes);
    const soFar = { reasoning, output: reasoning + tokensOfBytes(this.answerBytes) };
    const json = JSON.stringify(response(this.source, fields, isLast ? this.source.usage : soFar));
    if (this.isEventStream) {
      return `data: ${json}\r\n\r\n`;
    }
    const opening = this.first ? '[' : ',\r\n';
    this.first = false;
    return opening + json;
  }

  private spend(reasoning: string, answer: string): void {
    this.reasoningBytes += Buffer.byteLength(reasoning);
    this.answerBytes += Buffer.byteLength(answer);
  }
}
