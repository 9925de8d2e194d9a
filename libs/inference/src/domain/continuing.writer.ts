import type { StreamEvent, StreamWriter } from '@app/dialects';
import type { GatewayError } from '@app/shared';

/** Where an answer went over from one vendor to another. */
export interface Seam {
  /** `vendor/model`. */
  readonly from: string;
  readonly to: string;
  /** What the caller had by then, in characters. */
  readonly after_characters: number;
}

/** What may come before and beside text without keeping another vendor from going on with it. */
const NEUTRAL: ReadonlySet<StreamEvent['kind']> = new Set([
  'start',
  'usage',
  'reasoning',
  'signature',
  'members',
  'error',
]);
/** What a vendor that goes on with an answer says of itself, and its callers have heard already. */
const SAID_ONCE: ReadonlySet<StreamEvent['kind']> = new Set(['start', 'reasoning', 'signature', 'members']);

/**
 * Writes one answer that several vendors may give, one after another: remembers what was said, and joins what the next one
 * says to it. Only text can be gone on with: half a tool call cannot.
 */
export class ContinuingWriter implements StreamWriter {
  readonly seams: Seam[] = [];
  private text = '';
  private isText = true;
  /** White space at the end of what was said: vendors take none there, so they begin with it, and it is not said twice. */
  private trimmed = false;
  /** There is a seam that nobody was told of. */
  private untold = false;

  /** @param annotate tells of a seam where it is, in dialects that have room for it there */
  constructor(
    private readonly writer: StreamWriter,
    private readonly annotate: boolean,
  ) {}

  get canGoOn(): boolean {
    return this.isText;
  }

  /** What the next vendor goes on from. */
  get said(): string {
    return this.text.trimEnd();
  }

  goOn(from: string, to: string): void {
    this.trimmed = this.text.length > this.said.length;
    this.seams.push({ from, to, after_characters: this.text.length });
    this.untold = this.annotate;
  }

  write(event: StreamEvent): string {
    if (this.seams.length > 0 && SAID_ONCE.has(event.kind)) {
      return '';
    }
    if (event.kind === 'text' && event.choice === 0) {
      return this.writeText(event);
    }
    this.isText &&= NEUTRAL.has(event.kind);
    return this.tellSeam() + this.writer.write(event);
  }

  fail(error: GatewayError): string {
    return this.writer.fail?.(error) ?? '';
  }

  private writeText(event: Extract<StreamEvent, { kind: 'text' }>): string {
    const text = this.trimmed ? event.text.trimStart() : event.text;
    this.trimmed &&= text === '';
    this.text += text;
    return text === '' ? '' : this.tellSeam() + this.writer.write({ ...event, text });
  }

  private tellSeam(): string {
    if (!this.untold) {
      return '';
    }
    this.untold = false;
    return this.writer.write({ kind: 'members', members: { x_llmhub: { resumed: [...this.seams] } } });
  }
}
