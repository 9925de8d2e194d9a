import type { Fault, UpstreamCall } from './faults.js';
import { fits, NO_FAULT, parseFault } from './faults.js';
import { isObject } from './json.js';
import { Refusal } from './refusal.js';

/** A fault of all calls of a vendor, of a model, or of both. */
export interface ChaosRule {
  readonly vendor?: string;
  readonly model?: string;
  /** In the grammar of the README. */
  readonly fault?: string;
  /** Of the calls that it is about, 0 to 1: evenly spread, so that N calls are struck `floor(N * share)` times. */
  readonly share?: number;
  /** Some of the calls are slow. */
  readonly tail?: Tail;
}

interface Tail {
  /** As of the rule. */
  readonly share: number;
  /** Milliseconds before the headers. */
  readonly delay: number;
}

interface ActiveRule {
  readonly about: Pick<Fault, 'vendor' | 'model' | 'key'>;
  readonly fault: Fault;
  readonly strikes: () => boolean;
  readonly tail: Fault;
  readonly isSlow: () => boolean;
}

const MEMBERS: ReadonlySet<string> = new Set(['vendor', 'model', 'fault', 'share', 'tail']);

/** What is wrong with the vendors, until it is switched off. */
export class Chaos {
  private rules: readonly ActiveRule[] = [];

  /** Takes the place of the rules before. @throws Refusal (400) when one is misspelt, lest a test pass because nothing failed */
  set(rules: unknown): void {
    if (!Array.isArray(rules)) {
      throw wrong('It is not a list of rules.');
    }
    this.rules = rules.map(activate);
  }

  /** All rules that strike at once; of two that set the same, the later one. */
  strike(call: UpstreamCall): Fault {
    return this.rules
      .filter(({ about }) => fits(about, call))
      .reduce<Fault>(
        (fault, rule) => ({
          ...fault,
          ...(rule.strikes() ? rule.fault : NO_FAULT),
          ...(rule.isSlow() ? rule.tail : NO_FAULT),
        }),
        NO_FAULT,
      );
  }

  clear(): void {
    this.rules = [];
  }
}

function activate(rule: unknown): ActiveRule {
  const unknownMember = isObject(rule) ? Object.keys(rule).find(name => !MEMBERS.has(name)) : 'no object';
  if (unknownMember !== undefined) {
    throw wrong(`Unknown: ${unknownMember}.`);
  }
  const { vendor, model, fault = '', share = 1, tail } = rule as ChaosRule;
  const { times, ...parsed } = parseFault(fault);
  const about = { ...parsed, ...(vendor !== undefined && { vendor }), ...(model !== undefined && { model }) };
  if (tail && !(typeof tail.delay === 'number' && tail.delay >= 0)) {
    throw wrong('The delay of a tail is in milliseconds.');
  }
  return {
    about,
    fault: parsed,
    strikes: limited(evenly(share), times),
    tail: tail ? { delay: tail.delay } : NO_FAULT,
    isSlow: evenly(tail?.share ?? 0),
  };
}

/** True for that share of the times it is asked, always for the same ones. */
function evenly(share: number): () => boolean {
  if (typeof share !== 'number' || !(share >= 0 && share <= 1)) {
    throw wrong('A share is a number from 0 to 1.');
  }
  let asked = 0;
  return () => {
    asked += 1;
    return upTo(asked, share) > upTo(asked - 1, share);
  };
}

function upTo(count: number, share: number): number {
  return Math.floor(count * share + 1e-9); // 100 × 0.29 is a little less than 29
}

function limited(strikes: () => boolean, times = Infinity): () => boolean {
  let left = times;
  return () => strikes() && left-- > 0;
}

function wrong(what: string): Refusal {
  return new Refusal(
    400,
    `${what} A rule of the chaos is {vendor?, model?, fault?, share?, tail?: {share, delay}}.`,
  );
}
