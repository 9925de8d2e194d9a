import { type ToldUsage, UsageFinder } from '@app/dialects';
import { SseParser } from '@app/shared';
import { EVENT_STREAM } from '../vendor-answer.js';

/** Larger answers are files. */
const JSON_LIMIT_BYTES = 4 * 1024 * 1024;
/** Partial images are larger, and tell nothing. */
const EVENT_LIMIT_BYTES = 32 * 1024 * 1024;
const USAGE = '"usage';

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

  push(chunk: Buffer): void {
    this.size += chunk.length;
    if (this.size <= JSON_LIMIT_BYTES) {
      this.chunks.push(chunk);
    } else {
      this.chunks = [];
    }
  }

  end(): ToldUsage {
    const finder = new UsageFinder();
    // Gemini streams an array when nobody asks for events.
    for (const answer of [parse(Buffer.concat(this.chunks).toString())].flat()) {
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
