import { type ToldUsage, UsageFinder } from '@app/dialects';
import { SseParser } from '@app/shared';
import { EVENT_STREAM } from '../vendor-answer.js';

/** Of larger answers (pictures, many vectors) only the end is read, where the usage stands. */
const JSON_LIMIT_BYTES = 4 * 1024 * 1024;
const JSON_END_BYTES = 64 * 1024;
/** Partial images are larger, and tell nothing. */
const EVENT_LIMIT_BYTES = 32 * 1024 * 1024;
const USAGE = '"usage';
const MODEL = '"model"';

/** Reads the usage of an answer whose bytes pass by. It never fails, and changes nothing. */
export interface AnswerTap {
  push(chunk: Buffer): void;
  end(): ToldUsage;
}

/**
 * The tap for an answer of that type.
 *
 * @param contentType null when the answer is packed, or tells of the usage of an earlier call
 */
export function answerTap(contentType: string | null): AnswerTap {
  if (EVENT_STREAM.test(contentType ?? '')) {
    return new EventTap();
  }
  return /^application\/json\b/i.test(contentType ?? '') ? new JsonTap() : new NoTap();
}

class NoTap implements AnswerTap {
  push(): void {}

  end(): ToldUsage {
    return new UsageFinder().told;
  }
}

class JsonTap implements AnswerTap {
  private chunks: Buffer[] = [];
  private size = 0;
  private isCut = false;

  push(chunk: Buffer): void {
    this.size += chunk.length;
    this.chunks.push(chunk);
    if (this.size > JSON_LIMIT_BYTES) {
      this.chunks = [Buffer.from(Buffer.concat(this.chunks).subarray(-JSON_END_BYTES))];
      this.size = JSON_END_BYTES;
      this.isCut = true;
    }
  }

  end(): ToldUsage {
    const finder = new UsageFinder();
    const text = Buffer.concat(this.chunks).toString();
    const told = this.isCut ? parseEnd(text) : parse(text);
    // Gemini streams an array when nobody asks for events.
    for (const answer of [told].flat()) {
      finder.read(answer);
    }
    return finder.told;
  }
}

class EventTap implements AnswerTap {
  private readonly finder = new UsageFinder();
  private parser: SseParser | null = new SseParser();

  push(chunk: Buffer): void {
    this.read(this.parser?.push(chunk));
    if (this.parser && this.parser.size > EVENT_LIMIT_BYTES) {
      this.parser = null;
    }
  }

  end(): ToldUsage {
    this.read(this.parser?.end());
    return this.finder.told;
  }

  private read(events: ReturnType<SseParser['push']> = []): void {
    for (const { data } of events) {
      this.finder.read(parse(data));
    }
  }
}

/** Parses only what may tell something. */
function parse(text: string): unknown {
  if (!text.includes(USAGE)) {
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
