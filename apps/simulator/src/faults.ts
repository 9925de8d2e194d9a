import { Refusal } from './refusal.js';

/** What is to go wrong with one call. The grammar is in the README. */
export interface Fault {
  readonly status?: number;
  /** Seconds, sent with `status`. */
  readonly retryAfter?: number;
  /** Milliseconds before the headers. */
  readonly delay?: number;
  /** Body bytes after which the connection is destroyed. */
  readonly cut?: number;
  /** Body bytes after which nothing more comes, until the caller leaves. */
  readonly stall?: number;
  /** Of a WebSocket: as `cut` and `stall`, counted in frames of the answer. */
  readonly cutFrames?: number;
  readonly stallFrames?: number;
  /** Of a WebSocket: the code it is closed with, at `cutFrames` or in place of an answer. */
  readonly close?: number;
  /** Milliseconds between pieces of a few bytes. */
  readonly drip?: number;
  /** Milliseconds between the events of a stream. */
  readonly pace?: number;
  /** Deltas after which the vendor's error event comes. */
  readonly errorEvent?: number;
  /** The vendor's error event is all that a stream has. */
  readonly errorFirst?: number;
  /** Status of an HTML page, as a proxy in front of a vendor sends it. */
  readonly html?: number;
  readonly malformed?: number;
  readonly empty?: number;
  readonly endEarly?: number;
  readonly noUsage?: number;
  /** Only the first so many calls with the same fault text fail. */
  readonly times?: number;
  /** The connection breaks before any answer. */
  readonly drop?: number;
  /** The vendor's refusal of a prompt that is too long for the model. */
  readonly context?: number;
  /** The vendor's refusal of a prompt that its content policy forbids. */
  readonly policy?: number;
  /** The answer tells, whatever its status, how many requests are left and when there are more. */
  readonly limits?: RequestLimits;
  /** Only at this vendor. */
  readonly vendor?: string;
  /** Only for this model. */
  readonly model?: string;
  /** Only in this service tier. */
  readonly tier?: string;
  /** Only with a key whose last four characters are the last ones of this. */
  readonly key?: string;
}

export interface RequestLimits {
  readonly remaining: number;
  /** From now. */
  readonly resetMs: number;
}

/** What narrows a fault down. */
export interface UpstreamCall {
  readonly vendor: string;
  /** As the caller wrote it; undefined for lists, files and batches. */
  readonly model?: string | undefined;
  /** The last four characters of the key. */
  readonly key: string;
  /** Service tier; undefined where none is asked for. */
  readonly tier?: string | undefined;
}

export const NO_FAULT: Fault = {};

const NUMBERS: Readonly<Record<string, keyof Fault>> = {
  status: 'status',
  'retry-after': 'retryAfter',
  delay: 'delay',
  cut: 'cut',
  stall: 'stall',
  'cut-frames': 'cutFrames',
  'stall-frames': 'stallFrames',
  close: 'close',
  drip: 'drip',
  pace: 'pace',
  'error-event': 'errorEvent',
  html: 'html',
  times: 'times',
};

const FLAGS: Readonly<Record<string, keyof Fault>> = {
  malformed: 'malformed',
  empty: 'empty',
  'error-first': 'errorFirst',
  'end-early': 'endEarly',
  'no-usage': 'noUsage',
  drop: 'drop',
  context: 'context',
  policy: 'policy',
};

const NARROWING: ReadonlySet<string> = new Set(['vendor', 'model', 'key', 'tier']);

/** Reads `status=429,retry-after=2;delay=300`. A misspelt fault is a 400, lest a test pass because nothing failed. */
export function parseFault(text: string): Fault {
  const fault: Record<string, number | string | RequestLimits> = {};
  for (const item of text.split(/[;,\s]+/)) {
    const [name = '', value = ''] = item.split('=');
    if (name === '') {
      continue;
    }
    const number = NUMBERS[name];
    const flag = FLAGS[name];
    if (number && /^\d+$/.test(value)) {
      fault[number] = Number(value);
    } else if (flag && value === '') {
      fault[flag] = 1;
    } else if (NARROWING.has(name) && value !== '') {
      fault[name] = value;
    } else if (name === 'limits' && /^\d+\/\d+$/.test(value)) {
      fault[name] = readLimits(value);
    } else {
      throw new Refusal(400, `Unknown simulator fault "${item}".`, { type: 'invalid_request_error' });
    }
  }
  return fault;
}

/** Reads `0/2000`: none are left, and more come in 2 s. */
function readLimits(value: string): RequestLimits {
  const [remaining, resetMs] = value.split('/').map(Number);
  return { remaining: remaining ?? 0, resetMs: resetMs ?? 0 };
}

/** Whether a fault is about this call. */
export function fits(
  { vendor, model, key, tier }: Pick<Fault, 'vendor' | 'model' | 'key' | 'tier'>,
  call: UpstreamCall,
): boolean {
  return (
    (vendor === undefined || vendor === call.vendor) &&
    (model === undefined || model === call.model) &&
    (tier === undefined || tier === call.tier) &&
    (key === undefined || call.key === key.slice(-4))
  );
}

/** Decides whether a scripted fault strikes: `vendor=`, `model=`, `tier=`, `key=` and `times=` narrow it down. */
export class FaultCounter {
  private readonly struck = new Map<string, number>();

  strike(text: string | undefined, call: UpstreamCall): Fault {
    if (!text) {
      return NO_FAULT;
    }
    const fault = parseFault(text);
    if (!fits(fault, call)) {
      return NO_FAULT;
    }
    if (fault.times === undefined) {
      return fault;
    }
    const before = this.struck.get(text) ?? 0;
    this.struck.set(text, before + 1);
    return before < fault.times ? fault : NO_FAULT;
  }

  clear(): void {
    this.struck.clear();
  }
}
