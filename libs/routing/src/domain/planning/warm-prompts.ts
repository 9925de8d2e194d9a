import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock, isObject } from '@app/shared';
import { RecentMap } from '../health/recent-map.js';
import { PromptBeginning } from './prompt-beginning.js';

const REMEMBERED = 50_000;
/** Vendors keep a prompt for five to ten minutes after its last use. */
const WARM_MS = 300_000;
/** Shorter beginnings are not cached by any vendor, in tokens. */
const LEAST_TOKENS = 1024;
/** What two conversations with the same beginning share is seen early, in characters. */
const COMPARED = 16_384;

type Json = Readonly<Record<string, unknown>>;

/** Beginnings of a prompt by which it is known again: what all conversations of an application share, and this one's own. */
export interface PromptMarks {
  /** Null when what they share is too short to be cached. */
  readonly shared: string | null;
  readonly own: string;
  /** Of the shared beginning; estimated. */
  readonly sharedTokens: number;
  /** Of the whole prompt; estimated. */
  readonly tokens: number;
}

interface Warm {
  tokens: number;
  /** Monotonic ms. */
  until: number;
}

/** Which beginnings of prompts were lately sent where: there they are cached, and cheaper. */
@Injectable()
export class WarmPrompts {
  /** By beginning, then by target. */
  private readonly sent = new RecentMap<Map<string, Warm>>(REMEMBERED);

  constructor(private readonly clock: Clock) {}

  /** Null when the prompt is too short to be cached. @param tokens of the whole prompt, estimated */
  marksOf(projectId: string, body: Json, tokens: number): PromptMarks | null {
    if (tokens < LEAST_TOKENS) {
      return null;
    }
    const beginning = new PromptBeginning(COMPARED);
    beginning.add([body['system'], body['instructions'], body['systemInstruction'], body['tools']]);
    const turns = [body['messages'], body['input'], body['contents']].find(Array.isArray) as
      unknown[] | undefined;
    const [first, second] = turns ?? [body['input']];
    const isShared = isObject(first) && (first['role'] === 'system' || first['role'] === 'developer');
    beginning.add(isShared ? first : undefined);
    const sharedTokens = Math.min(Math.floor(beginning.characters / 4), tokens);
    const shared = sharedTokens < LEAST_TOKENS ? null : hashOf(projectId, beginning);
    beginning.add(isShared ? second : first);
    return { shared, own: hashOf(projectId, beginning), sharedTokens, tokens };
  }

  /** Input tokens that the target is expected to have cached. @param target `vendor/model` */
  at(target: string, { own, shared, tokens }: PromptMarks): number {
    const known = Math.max(this.known(target, own), shared === null ? 0 : this.known(target, shared));
    return Math.min(known, tokens);
  }

  /** The prompt went there. */
  note(target: string, { own, shared, tokens, sharedTokens }: PromptMarks): void {
    this.keep(target, own, tokens);
    if (shared !== null) {
      this.keep(target, shared, sharedTokens);
    }
  }

  private keep(target: string, beginning: string, tokens: number): void {
    let targets = this.sent.get(beginning);
    if (!targets) {
      targets = new Map();
      this.sent.add(beginning, targets);
    }
    targets.set(target, { tokens, until: this.clock.ticks() + WARM_MS });
  }

  private known(target: string, beginning: string): number {
    const found = this.sent.get(beginning)?.get(target);
    return found && found.until > this.clock.ticks() ? found.tokens : 0;
  }
}

/** A name in a map, not a secret: SHA-1 is the fastest that is long enough. */
function hashOf(projectId: string, { text }: PromptBeginning): string {
  return hash('sha1', `${projectId}\n${text}`, 'base64');
}
