import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AnswerCache, FairMemory } from '@app/optimization';
import { type Call, COMMA, Config, OPEN_BRACE, OPEN_BRACKET, ownBytes } from '@app/shared';
import type { GenerationInput } from '../generation-input.js';
import { type ParsedBody, parseBody } from '../parse-body.js';

interface Seen {
  readonly projectId: string;
  readonly key: string;
  /** Null of one that came once: most do not come again. */
  readonly body: ParsedBody | null;
  /** Of the memory that it takes. */
  readonly bytes: number;
}

/** Who sent it, and what its URL says. */
interface Sent extends Pick<GenerationInput, 'asked'> {
  readonly call: Pick<Call, 'projectId' | 'defaultChatModel' | 'cache' | 'routing'>;
}

/** What is larger is parsed each time: looking for it would take as long. */
export const MOST_BYTES = 256 * 1024;
/** A name, its place in the memory, and what belongs to it. */
const OVERHEAD_BYTES = 256;
/** The bytes, and the texts in what they are parsed into, and read as. */
const BYTES_PER_BYTE = 4;
/** What all that is made of a member or an element takes at most. */
const BYTES_PER_VALUE = 256;

/**
 * Bodies that came twice, byte by byte, for projects whose answers are cached: they are parsed no more, and whatever was found out
 * about one is known of the next, which is the same object. A quarter of the cache's memory, besides that.
 */
@Injectable()
export class SeenBodies {
  private readonly memory: FairMemory<Seen>;

  constructor({ cacheMemoryBytes }: Config, cache: AnswerCache) {
    this.memory = new FairMemory(cacheMemoryBytes / 4, seen => seen.bytes);
    cache.onPurge(projectId => this.memory.purge(projectId, () => true));
  }

  /** As `parseBody`. @throws likewise */
  parse(bytes: Buffer, { call, asked }: Sent): ParsedBody {
    const { projectId, defaultChatModel, cache, routing } = call;
    if (!cache || routing || bytes.length > MOST_BYTES) {
      return parseBody(bytes, call, defaultChatModel, asked);
    }
    const key = keyOf(bytes, asked ?? { model: defaultChatModel, stream: null });
    const seen = this.memory.get(projectId, key);
    if (seen?.body) {
      return seen.body;
    }
    const body = parseBody(bytes, call, defaultChatModel, asked);
    const kept = seen && { ...body, bytes: ownBytes([body.bytes]) };
    const own = OVERHEAD_BYTES + key.length;
    this.memory.set({ projectId, key, body: kept, bytes: own + (kept ? heldBy(kept) : 0) });
    return kept ?? body;
  }
}

/** What else a body's reading depends on is part of it. */
function keyOf(bytes: Buffer, { model, stream }: { model: string | null; stream: boolean | null }): string {
  return `${hash('sha256', bytes, 'base64')} ${stream} ${model}`;
}

/** How much memory a body, and what is found out about it, takes at most, in bytes. */
export function heldBy({ bytes }: ParsedBody): number {
  let values = 1;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    values += byte === COMMA || byte === OPEN_BRACKET || byte === OPEN_BRACE ? 1 : 0;
  }
  return bytes.length * BYTES_PER_BYTE + values * BYTES_PER_VALUE;
}
