import { Injectable } from '@nestjs/common';
import type { AnswerSummary, Loss } from '@app/dialects';
import { AnswerCache, type CachedAnswer, FairMemory } from '@app/optimization';
import type { Tape } from '@app/providers';
import { Config } from '@app/shared';
import type { Exchange } from '../exchange.js';
import type { ParsedBody } from '../parse-body.js';
import type { ReadRequest } from '../request-preparer.js';
import type { StreamFacts } from '../stream-facts.js';
import { translated } from '../stream-translation.js';
import { readWhole, writeWhole } from '../whole-answer.js';
import { heldBy, MOST_BYTES } from './seen-bodies.js';
import { ID_PLACE, LLMHUB_PLACE, WrittenText } from './written-text.js';

/** A whole answer as it is told. */
export interface WrittenAnswer {
  readonly summary: AnswerSummary;
  readonly text: WrittenText;
}

/** A stream as it is told: what each piece of the vendor's becomes, and what comes behind the last one. */
export interface WrittenStream {
  readonly facts: StreamFacts;
  /** With so many pieces its caller has all that counts, and the facts are what they are at the end. */
  readonly wholeWith: number;
  readonly pieces: readonly WrittenText[];
  readonly rest: WrittenText;
}

/** Who is told, and of what. */
type Teller = Pick<Exchange, 'call' | 'dialect' | 'route'> & { readonly body: ParsedBody };

/** How an answer that is kept was told last. */
export interface Retelling extends Pick<Teller, 'dialect' | 'body'> {
  readonly projectId: string;
  /** Of the answer. */
  readonly key: string;
  readonly answer: CachedAnswer;
  readonly target: Exchange['route']['target'];
  readonly annotate: boolean;
  readonly losses: readonly Loss[];
  readonly tape: Tape;
  readonly written: WrittenAnswer | WrittenStream;
  /** Of the memory that it takes. */
  readonly bytes: number;
}

/** What is written costs more than what is read: larger answers are translated each time. */
const LIMIT_BYTES = 64 * 1024;
const OVERHEAD_BYTES = 1024;
const BYTES_OF_PIECE = 256;

/**
 * How kept answers were told to those who asked the very same: what was written then is written again, with what is about the new
 * call alone. A quarter of the cache's memory, besides that.
 */
@Injectable()
export class Retellings {
  private readonly memory: FairMemory<Retelling>;

  constructor({ cacheMemoryBytes }: Config, cache: AnswerCache) {
    this.memory = new FairMemory(cacheMemoryBytes / 4, told => told.bytes);
    cache.onPurge(projectId => this.memory.purge(projectId, () => true));
  }

  /** Null when that answer was not told to such a caller last. */
  find(answer: CachedAnswer, { call, dialect, route, body }: Teller): Retelling | null {
    const last = this.memory.get(answer.projectId, answer.key);
    const isSame =
      last?.answer === answer &&
      last.body === body &&
      last.dialect === dialect &&
      last.target === route.target &&
      last.annotate === call.annotate;
    return isSame ? last : null;
  }

  /** Null for an answer that is not written in advance. @throws UpstreamError for one that cannot be read any more */
  tell(
    { answer, body, tape }: Pick<Retelling, 'answer' | 'body' | 'tape'>,
    exchange: Exchange,
    read: ReadRequest,
  ): Retelling | null {
    if (answer.body.length > LIMIT_BYTES || body.bytes.length > MOST_BYTES) {
      return null;
    }
    const written = read.request.stream
      ? writtenStream(exchange, read, tape)
      : writtenAnswer(exchange, read, answer.body);
    if (!written) {
      return null;
    }
    const { call, dialect, route, losses } = exchange;
    const { projectId, key } = answer;
    const { annotate } = call;
    const seen = {
      projectId,
      key,
      answer,
      body,
      dialect,
      target: route.target,
      annotate,
      losses,
      tape,
      written,
    };
    const told = { ...seen, bytes: sizeOf(seen) };
    this.memory.set(told);
    return told;
  }
}

function writtenAnswer(exchange: Exchange, { request, seal }: ReadRequest, bytes: Buffer): WrittenAnswer {
  const { answer, summary } = readWhole(exchange, request, bytes);
  const body = writeWhole(exchange, answer, request, {
    requestId: ID_PLACE,
    seal,
    llmhub: exchange.call.annotate ? LLMHUB_PLACE : null,
  });
  return { summary, text: new WrittenText(JSON.stringify(body)) };
}

/** Null when it fails. */
function writtenStream(exchange: Exchange, { request, seal }: ReadRequest, tape: Tape): WrittenStream | null {
  const { call, dialect, meter, echo, givenAt } = exchange;
  const llmhub = call.annotate ? LLMHUB_PLACE : null;
  const meta = { requestId: ID_PLACE, model: meter.modelAsked, seal, llmhub: () => llmhub, echo, givenAt };
  const stream = translated(exchange, request, dialect.streamWriter(request, meta));
  const pieces: WrittenText[] = [];
  let wholeWith = tape.pieces.length;
  for (const piece of tape.pieces) {
    pieces.push(new WrittenText(stream.push(piece)));
    if (stream.failure) {
      return null;
    }
    if (stream.facts.finish && stream.facts.usage) {
      wholeWith = Math.min(wholeWith, pieces.length);
    }
  }
  const rest = new WrittenText(stream.end());
  return stream.failure ? null : { facts: stream.facts, wholeWith, pieces, rest };
}

function sizeOf({ answer, body, written }: Pick<Retelling, 'answer' | 'body' | 'written'>): number {
  const texts = 'text' in written ? [written.text] : [...written.pieces, written.rest];
  const own = texts.reduce((bytes, { length }) => bytes + length + BYTES_OF_PIECE, OVERHEAD_BYTES);
  return own + answer.body.length + heldBy(body);
}
