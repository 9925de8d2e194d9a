import { isObject, SseParser } from '@app/shared';
import { estimateTokens } from '../estimate.js';
import { EVENT_STREAM } from '../vendor-answer.js';

/** Of larger answers (pictures, many vectors) only the end is read, where the usage stands. */
const JSON_LIMIT_BYTES = 4 * 1024 * 1024;
const JSON_END_BYTES = 64 * 1024;
/** Partial images are larger, and tell nothing. */
const EVENT_LIMIT_BYTES = 32 * 1024 * 1024;
const USAGE = '"usage';
const MODEL = '"model"';
/** In each event that says something new, whatever the vendor. */
const DELTA = 'delta"';

/** Looks for usage in whole answers and in events. */
export interface Finder<Told> {
  read(body: unknown): void;
  /** What was found so far. */
  readonly told: Told;
}

/** Shows an answer, whose bytes pass by, to a finder. It never fails, and changes nothing. */
export interface AnswerTap<Told> {
  push(chunk: Buffer): void;
  end(): Told;
  /** Rough count of tokens that came behind the last usage that was told: of a stream that broke, nobody else knows. */
  readonly outputTokens: number;
}

/**
 * The tap for an answer of that type.
 *
 * @param contentType null when nothing can be read of it
 * @param limitBytes of a whole answer: of a larger one only the end is read
 */
export function answerTap<Told>(
  contentType: string | null,
  finder: Finder<Told>,
  limitBytes = JSON_LIMIT_BYTES,
): AnswerTap<Told> {
  if (EVENT_STREAM.test(contentType ?? '')) {
    return new EventTap(finder);
  }
  return /^application\/json\b/i.test(contentType ?? '')
    ? new JsonTap(finder, limitBytes)
    : new NoTap(finder);
}

class NoTap<Told> implements AnswerTap<Told> {
  readonly outputTokens = 0;

  constructor(private readonly finder: Finder<Told>) {}

  push(): void {}

  end(): Told {
    return this.finder.told;
  }
}

class JsonTap<Told> implements AnswerTap<Told> {
  readonly outputTokens = 0;
  private chunks: Buffer[] = [];
  private size = 0;
  private isCut = false;

  constructor(
    private readonly finder: Finder<Told>,
    private readonly limitBytes: number,
  ) {}

  push(chunk: Buffer): void {
    this.size += chunk.length;
    this.chunks.push(chunk);
    if (this.size > this.limitBytes) {
      this.chunks = [Buffer.from(Buffer.concat(this.chunks).subarray(-JSON_END_BYTES))];
      this.size = JSON_END_BYTES;
      this.isCut = true;
    }
  }

  end(): Told {
    const text = Buffer.concat(this.chunks)
      .toString()
      .replace(/^\uFEFF/, '');
    const told = this.isCut ? parseEnd(text) : parse(text);
    // Gemini streams an array when nobody asks for events.
    for (const answer of [told].flat()) {
      this.finder.read(answer);
    }
    return this.finder.told;
  }
}

class EventTap<Told> implements AnswerTap<Told> {
  outputTokens = 0;
  private envelope = 0;
  /** An event was read that names the model: of a stream that breaks, the usage may never come. */
  private isNamed = false;
  private parser: SseParser | null = new SseParser();

  constructor(private readonly finder: Finder<Told>) {}

  push(chunk: Buffer): void {
    this.read(this.parser?.push(chunk));
    if (this.parser && this.parser.size > EVENT_LIMIT_BYTES) {
      this.parser = null;
    }
  }

  end(): Told {
    this.read(this.parser?.end());
    return this.finder.told;
  }

  private read(events: ReturnType<SseParser['push']> = []): void {
    for (const { data } of events) {
      const told = parse(data, data.includes(USAGE) || (!this.isNamed && data.includes(MODEL)));
      this.finder.read(told);
      this.isNamed ||= told !== null;
      if (tellsUsage(told)) {
        this.outputTokens = 0;
      } else if (data.includes(DELTA)) {
        this.envelope ||= data.length;
        this.outputTokens += Math.max(1, estimateTokens(data.length - this.envelope));
      }
    }
  }
}

/** Anthropic's begins with the message that holds it; `usage` of chunks is null until the last. */
function tellsUsage(told: unknown): boolean {
  return (
    isObject(told) && Boolean(told['usage'] ?? told['usageMetadata'] ?? told['message'] ?? told['response'])
  );
}

/** Parses only what may tell something. */
function parse(text: string, isWanted = text.includes(USAGE)): unknown {
  if (!isWanted) {
    return null;
  }
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The last members of an answer whose beginning is gone: from `model`, where that stands before the usage, else from the usage. */
function parseEnd(text: string): unknown {
  const trimmed = text.trimEnd();
  const end = trimmed.endsWith(']') ? trimmed.slice(0, -1) : trimmed;
  const usage = end.lastIndexOf(USAGE);
  const starts = usage < 0 ? [] : [end.lastIndexOf(MODEL, usage), usage];
  return starts
    .map(start => (start < 0 ? null : parse(`{${end.slice(start)}`)))
    .find(found => found !== null);
}
