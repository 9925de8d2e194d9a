import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AnswerCache, FairMemory } from '@app/optimization';
import { type Call, Config } from '@app/shared';
import type { GenerationInput } from '../generation-input.js';
import { type ParsedBody, parseBody } from '../parse-body.js';

interface Seen {
  readonly projectId: string;
  readonly key: string;
  /** Null of one that came once: most do not come again. */
  readonly body: ParsedBody | null;
}

/** Who sent it, and what its URL says. */
interface Sent extends Pick<GenerationInput, 'asked'> {
  readonly call: Pick<Call, 'projectId' | 'defaultChatModel' | 'cache' | 'routing'>;
}

/** A name, its place in the memory, and what belongs to it. */
const OVERHEAD_BYTES = 256;
/** The bytes, and what they are parsed into. */
const BYTES_PER_BYTE = 4;

/**
 * Bodies that came twice, byte by byte, for projects whose answers are cached: they are parsed no more, and whatever was found out
 * about one is known of the next, which is the same object. A quarter of the cache's memory, besides that.
 */
@Injectable()
export class SeenBodies {
  private readonly memory: FairMemory<Seen>;

  constructor({ cacheMemoryBytes }: Config, cache: AnswerCache) {
    this.memory = new FairMemory(cacheMemoryBytes / 4, sizeOf);
    cache.onPurge(projectId => this.memory.purge(projectId, () => true));
  }

  /** As `parseBody`. @throws likewise */
  parse(bytes: Buffer, { call, asked }: Sent): ParsedBody {
    const { projectId, defaultChatModel, cache, routing } = call;
    if (!cache || routing) {
      return parseBody(bytes, call, defaultChatModel, asked);
    }
    const key = keyOf(bytes, asked ?? { model: defaultChatModel, stream: null });
    const seen = this.memory.get(projectId, key);
    if (seen?.body) {
      return seen.body;
    }
    const body = parseBody(bytes, call, defaultChatModel, asked);
    this.memory.set({ projectId, key, body: seen && body });
    return body;
  }
}

/** What else a body's reading depends on is part of it. */
function keyOf(bytes: Buffer, { model, stream }: { model: string | null; stream: boolean | null }): string {
  return `${hash('sha256', bytes, 'base64')} ${stream} ${model}`;
}

function sizeOf({ key, body }: Seen): number {
  return OVERHEAD_BYTES + key.length + (body ? body.bytes.length * BYTES_PER_BYTE : 0);
}
