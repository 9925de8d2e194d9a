import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock, isObject } from '@app/shared';
import { RecentMap } from '../health/recent-map.js';

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
  readonly shared: string;
  readonly own: string;
  /** Of the shared beginning; estimated. */
  readonly sharedTokens: number;
  /** Of the whole prompt; estimated. */
  readonly tokens: number;
}

/** Which beginnings of prompts were lately sent where: there they are cached, and cheaper. */
@Injectable()
export class WarmPrompts {
  private readonly sent = new RecentMap<{ readonly tokens: number; readonly until: number }>(REMEMBERED);

  constructor(private readonly clock: Clock) {}

  /** Null when the prompt is too short to be cached. @param tokens of the whole prompt, estimated */
  marksOf(projectId: string, body: Json, tokens: number): PromptMarks | null {
    if (tokens < LEAST_TOKENS) {
      return null;
    }
    const shared = textOf([body['system'], body['instructions'], body['systemInstruction'], body['tools']]);
    const turns = [body['messages'], body['input'], body['contents']].find(Array.isArray) as
      unknown[] | undefined;
    const [first, second] = turns ?? [body['input']];
    const isShared = isObject(first) && (first['role'] === 'system' || first['role'] === 'developer');
    const beginning = isShared ? shared + textOf([first]) : shared;
    return {
      shared: hashOf(projectId, beginning),
      own: hashOf(projectId, beginning + textOf([isShared ? second : first])),
      sharedTokens: Math.floor(beginning.length / 4),
      tokens,
    };
  }

  /** Input tokens that the target is expected to have cached. @param target `vendor/model` */
  at(target: string, marks: PromptMarks): number {
    const own = this.known(`${target}#${marks.own}`);
    const shared = marks.sharedTokens < LEAST_TOKENS ? 0 : this.known(`${target}#${marks.shared}`);
    return Math.min(Math.max(own, shared), marks.tokens);
  }

  /** The prompt went there. */
  note(target: string, { own, shared, tokens, sharedTokens }: PromptMarks): void {
    this.keep(`${target}#${own}`, tokens);
    this.keep(`${target}#${shared}`, sharedTokens);
  }

  private keep(key: string, tokens: number): void {
    const until = this.clock.ticks() + WARM_MS;
    const known = this.sent.get(key);
    if (known) {
      Object.assign(known, { tokens, until });
    } else {
      this.sent.add(key, { tokens, until });
    }
  }

  private known(key: string): number {
    const found = this.sent.get(key);
    return found && found.until > this.clock.ticks() ? found.tokens : 0;
  }
}

function textOf(values: readonly unknown[]): string {
  return values.map(value => (value === undefined ? '' : JSON.stringify(value))).join('\n');
}

function hashOf(projectId: string, text: string): string {
  return createHash('sha1').update(projectId).update(text.slice(0, COMPARED)).digest('base64');
}
