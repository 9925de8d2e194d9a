import type { Logprobs, StreamEvent } from '../domain/answer.js';
import type { Target } from '../domain/dialect.js';
import { detailSignature, readCitation, readImage, readLogprobs, unknownIn } from './answer-parts.reader.js';
import { readFinish } from './finish-reason.js';
import { thinkingText } from './part.reader.js';
import { StreamedTools } from './streamed-tools.js';
import { ThinkTags, type Told } from './think-tags.js';
import { isAbsent, isObject, objectAt, objectsAt, textAt, type Wire } from '../domain/wire.js';

/** One choice of a streamed answer. After its finish it says nothing more: OpenRouter finishes twice. */
export class StreamedChoice {
  finished = false;
  private readonly tools: StreamedTools;
  private readonly tags: ThinkTags | null;
  /** Number of the reasoning block; -1 before the first. */
  private block = -1;
  private blockKey = '';
  private blockText = '';
  /** Something else was said since: reasoning that goes on is a new block. */
  private interrupted = false;

  constructor(
    readonly index: number,
    private readonly target: Target,
    private readonly tellsAll: boolean,
  ) {
    this.tools = new StreamedTools(index, target);
    this.tags = target.quirks.thinkTags ? new ThinkTags() : null;
  }

  read(wire: Wire, out: StreamEvent[]): void {
    if (this.finished) {
      return;
    }
    // Some vendors send a whole message instead of a delta at the end.
    const delta = objectAt(wire, 'delta') ?? objectAt(wire, 'message');
    if (delta) {
      this.readReasoning(delta, out);
      this.readSaid(delta, wire['logprobs'], out);
      this.readRest(delta, out);
      this.tools.read(delta, out);
      this.interrupted ||= this.tools.any;
    }
    if (this.tellsAll) {
      this.tellUnknown(wire, out);
    }
    const reason = wire['finish_reason'];
    if (typeof reason === 'string' && reason !== '') {
      this.finished = true;
      this.tell(this.tags?.end(), undefined, out);
      this.tools.close(out);
      out.push({ kind: 'finish', choice: this.index, finish: readFinish(reason, this.tools.any) });
    }
  }

  private tellUnknown(wire: Wire, out: StreamEvent[]): void {
    const value = unknownIn(wire, 'delta');
    if (value) {
      out.push({
        kind: 'native',
        choice: this.index,
        part: { kind: 'native', dialect: 'openai-chat', value },
      });
    }
  }

  private readSaid(delta: Wire, wireLogprobs: unknown, out: StreamEvent[]): void {
    const { content, refusal } = delta;
    const logprobs = readLogprobs(wireLogprobs);
    if (typeof content === 'string') {
      this.content(content, logprobs, out);
    } else if (Array.isArray(content)) {
      for (const piece of content) {
        this.piece(piece, out);
      }
    }
    if (typeof refusal === 'string' && refusal !== '') {
      this.interrupted = true;
      out.push({ kind: 'refusal', choice: this.index, text: refusal, ...(logprobs && { logprobs }) });
    } else if (logprobs?.content?.length && !content) {
      out.push({ kind: 'text', choice: this.index, text: '', logprobs });
    }
  }

  private content(content: string, logprobs: Logprobs | undefined, out: StreamEvent[]): void {
    if (this.tags) {
      this.tell(this.tags.read(content), logprobs, out);
    } else {
      this.text(content, logprobs, out);
    }
  }

  private tell(told: Told | undefined, logprobs: Logprobs | undefined, out: StreamEvent[]): void {
    if (told) {
      this.reasoning(told.reasoning, 'plain', out);
      this.text(told.text, logprobs, out);
    }
  }

  private text(text: string, logprobs: Logprobs | undefined, out: StreamEvent[]): void {
    if (text === '') {
      return;
    }
    this.interrupted = true;
    out.push(
      logprobs
        ? { kind: 'text', choice: this.index, text, logprobs }
        : { kind: 'text', choice: this.index, text },
    );
  }

  /** Mistral's parts of a delta. */
  private piece(piece: unknown, out: StreamEvent[]): void {
    if (!isObject(piece)) {
      return;
    }
    if (piece['type'] === 'thinking') {
      this.reasoning(thinkingText(piece), 'plain', out);
    } else {
      this.text(textAt(piece, 'text'), undefined, out);
    }
  }

  private readReasoning(delta: Wire, out: StreamEvent[]): void {
    const details = delta['reasoning_details'];
    let told = false;
    if (Array.isArray(details)) {
      for (const detail of details) {
        told = (isObject(detail) && this.detail(detail, out)) || told;
      }
    }
    const text = told ? '' : textAt(delta, 'reasoning_content') || textAt(delta, 'reasoning');
    this.reasoning(text, told ? this.blockKey : 'plain', out);
  }

  /** True when the detail held text. */
  private detail(detail: Wire, out: StreamEvent[]): boolean {
    const key = `${textAt(detail, 'type')} ${JSON.stringify(detail['index'])}`;
    const text = textAt(detail, 'text') || textAt(detail, 'summary');
    const signature = detailSignature(detail, this.target);
    // A gateway such as this one repeats the text of the block beside its signature.
    const repeats = signature && text !== '' && this.blockKey === 'plain' && this.blockText.endsWith(text);
    if (!repeats) {
      this.reasoning(text, key, out);
    }
    if (signature) {
      this.enter(repeats ? this.blockKey : key, false);
      this.interrupted = true;
      const redacted = detail['type'] === 'reasoning.encrypted';
      out.push({
        kind: 'signature',
        choice: this.index,
        block: this.block,
        signature,
        ...(redacted && { redacted }),
      });
    }
    return text !== '';
  }

  private reasoning(text: string, key: string, out: StreamEvent[]): void {
    if (text !== '') {
      this.enter(key, this.interrupted);
      this.interrupted = false;
      this.blockText += text;
      out.push({ kind: 'reasoning', choice: this.index, block: this.block, text });
    }
  }

  private enter(key: string, anew: boolean): void {
    if (anew || this.block < 0 || key !== this.blockKey) {
      this.block++;
      this.blockKey = key;
      this.blockText = '';
    }
  }

  private readRest(delta: Wire, out: StreamEvent[]): void {
    if (delta['annotations']) {
      for (const annotation of objectsAt(delta, 'annotations')) {
        out.push({ kind: 'citation', choice: this.index, citation: readCitation(annotation) });
      }
    }
    if (delta['images']) {
      for (const image of objectsAt(delta, 'images')) {
        out.push({ kind: 'media', choice: this.index, part: readImage(image) });
      }
    }
    const { audio } = delta;
    if (!isAbsent(audio)) {
      const part = { kind: 'native', dialect: 'openai-chat', value: { delta: { audio } } } as const;
      out.push({ kind: 'native', choice: this.index, part });
    }
  }
}
