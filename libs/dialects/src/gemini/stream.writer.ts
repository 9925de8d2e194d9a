import type { Logprobs, StreamEvent } from '../domain/answer.js';
import type { StreamMeta, StreamWriter } from '../domain/dialect.js';
import type { Finish } from '../domain/finish-reason.js';
import type { Part, Signature, ToolCallPart } from '../domain/part.js';
import type { Usage } from '../domain/usage.js';
import { toJson, type Wire } from '../domain/wire.js';
import { writeAnswerPart, writeCall, writeThought } from './answer-parts.writer.js';
import { writeHead } from './answer.writer.js';
import { writeBlock, writeFinish } from './finish-reason.js';
import { type CitedText, writeGrounding } from './grounding.writer.js';
import { writeLogprobs } from './logprobs.js';
import { sealSignature } from './sealed-signature.js';
import { writeUsage } from './usage.js';

type Event<Kind extends StreamEvent['kind']> = Extract<StreamEvent, { kind: Kind }>;

interface WrittenChoice {
  readonly calls: Map<number, ToolCallPart>;
  /** Whole calls, which go out with what comes next: the finish, when they end the answer. */
  readonly parts: Wire[];
  readonly cited: CitedText[];
  text: string;
  /** A signature of no thought waits for the text that it stands on. */
  waiting: Signature | undefined;
  /** The reasoning block that has text and may still get its signature. */
  block: number;
  said: boolean;
  refused: boolean;
  finish: Finish | null;
}

/** The status of an error that a vendor gave none for; the SDK throws only for numbers from 400 to 599. */
const UNAVAILABLE = 503;

/** Writes the events of `:streamGenerateContent?alt=sse`: each a response with new parts, the last with all that ends. */
export class GeminiStreamWriter implements StreamWriter {
  private head = '';
  private readonly choices = new Map<number, WrittenChoice>();
  private usage: Usage | null = null;

  constructor(private readonly meta: StreamMeta) {}

  write(event: StreamEvent): string {
    switch (event.kind) {
      case 'start':
        this.head = toJson(writeHead(event, this.meta)).slice(1);
        return '';
      case 'text':
      case 'refusal':
        return this.said(event);
      case 'reasoning':
        return this.reasoning(event);
      case 'signature':
        return this.signature(event);
      case 'tool-start':
      case 'tool-arguments':
      case 'tool-end':
        return this.tool(event);
      case 'citation':
        this.cite(event);
        return '';
      case 'media':
      case 'native':
        return this.other(event.choice, event.part);
      case 'finish':
        this.choice(event.choice).finish = event.finish;
        return '';
      case 'usage':
        this.usage = event.usage;
        return '';
      case 'end':
        return this.last();
      case 'error':
        return this.error(event);
      case 'members':
      case 'no-usage':
        return '';
    }
  }

  private choice(index: number): WrittenChoice {
    let choice = this.choices.get(index);
    if (!choice) {
      choice = {
        calls: new Map(),
        parts: [],
        cited: [],
        text: '',
        waiting: undefined,
        block: -1,
        said: false,
        refused: false,
        finish: null,
      };
      this.choices.set(index, choice);
    }
    return choice;
  }

  private said({ kind, choice: index, text, logprobs }: Event<'text' | 'refusal'>): string {
    const choice = this.choice(index);
    choice.refused ||= kind === 'refusal';
    choice.block = -1;
    if (kind === 'text') {
      choice.text += text;
    }
    if (text === '' && !logprobs) {
      return '';
    }
    const { waiting } = choice;
    choice.waiting = undefined;
    const part = { text, ...(waiting && { thoughtSignature: sealSignature(waiting, this.meta.seal) }) };
    return this.chunk(index, part, logprobs);
  }

  private reasoning({ choice: index, block, text }: Event<'reasoning'>): string {
    if (text === '') {
      return '';
    }
    const out = this.chunk(index, writeThought({ text }, this.meta.seal));
    this.choice(index).block = block;
    return out;
  }

  /** Alone, it closes the thoughts before it; the one of no thought waits for the text behind it. */
  private signature({ choice: index, block, signature, redacted }: Event<'signature'>): string {
    const choice = this.choice(index);
    if (redacted || choice.block === block) {
      choice.block = -1;
      return this.chunk(
        index,
        writeThought({ text: '', signature, ...(redacted && { redacted }) }, this.meta.seal),
      );
    }
    const before = this.release(choice, index);
    choice.waiting = signature;
    return before;
  }

  /** Google's clients take arguments as an object, so a call goes out when it is whole. */
  private tool(event: Event<'tool-start' | 'tool-arguments' | 'tool-end'>): string {
    const choice = this.choice(event.choice);
    const call = choice.calls.get(event.tool);
    if (event.kind === 'tool-start') {
      const { id, name, custom, signature } = event;
      choice.calls.set(event.tool, {
        kind: 'tool-call',
        id,
        name,
        arguments: '',
        ...(custom && { custom }),
        ...(signature && { signature }),
      });
    } else if (call && event.kind === 'tool-arguments') {
      choice.calls.set(event.tool, { ...call, arguments: call.arguments + event.delta });
    } else if (call) {
      const before = this.release(choice, event.choice);
      choice.calls.delete(event.tool);
      choice.block = -1;
      choice.parts.push(writeCall(call, this.meta.seal));
      return before;
    }
    return '';
  }

  private cite({ choice: index, citation }: Event<'citation'>): void {
    this.choice(index).cited.push({ partIndex: undefined, text: '', citation });
  }

  private other(index: number, part: Part): string {
    const written = writeAnswerPart(part, this.meta.seal);
    this.choice(index).block = -1;
    return written ? this.chunk(index, written) : '';
  }

  /** The waiting signature as a thought of its own, for no text came to stand under it. */
  private release(choice: WrittenChoice, index: number): string {
    const { waiting } = choice;
    choice.waiting = undefined;
    return waiting ? this.chunk(index, writeThought({ text: '', signature: waiting }, this.meta.seal)) : '';
  }

  /** A chunk of one part, behind what was held back before it. */
  private chunk(index: number, part: Wire | null, logprobs?: Logprobs): string {
    const choice = this.choice(index);
    const before = this.release(choice, index);
    choice.said = true;
    const parts = [...choice.parts.splice(0), ...(part ? [part] : [])];
    const result = logprobs && writeLogprobs(logprobs);
    const content = `{"content":${toJson({ parts, role: 'model' })},"index":${index}`;
    const candidate = result ? `${content},"logprobsResult":${toJson(result)}}` : `${content}}`;
    return `${before}data: {"candidates":[${candidate}],${this.head}\r\n\r\n`;
  }

  /** Finish, sources, usage and what the gateway knows. `llmhub` is asked here, when cost and time are known. */
  private last(): string {
    const { usage } = this;
    let before = '';
    for (const [index, choice] of this.choices) {
      before += this.release(choice, index);
    }
    const llmhub = this.meta.llmhub(usage);
    const rest = {
      ...this.outcome(),
      ...(usage && { usageMetadata: writeUsage(usage, llmhub) }),
      ...(llmhub && { x_llmhub: llmhub }),
    };
    return `${before}data: ${toJson(rest).slice(0, -1)},${this.head}\r\n\r\n`;
  }

  private outcome(): Wire {
    const choices = [...this.choices.entries()].toSorted(([a], [b]) => a - b);
    const [[, only] = [], ...others] = choices;
    const isSilent = only && others.length === 0 && !only.said && only.parts.length === 0;
    const block = isSilent && only.finish ? writeBlock(only.finish) : null;
    return block
      ? { promptFeedback: block }
      : { candidates: choices.map(([index, choice]) => ended(index, choice)) };
  }

  private error({ message, code, status }: Event<'error'>): string {
    const error = { code: status ?? UNAVAILABLE, message, status: code ?? 'UNAVAILABLE' };
    return `data: ${toJson({ error })}\r\n\r\n`;
  }
}

/** A candidate that has ended, with the calls that ended it. */
function ended(index: number, { parts, finish, refused, cited, text }: WrittenChoice): Wire {
  const grounding = writeGrounding(cited.map(each => ({ ...each, text })));
  return {
    content: { parts: parts.length > 0 ? parts : [{ text: '' }], role: 'model' },
    ...(finish && writeFinish(finish, refused)),
    index,
    ...(grounding && { groundingMetadata: grounding }),
  };
}
