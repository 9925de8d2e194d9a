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
  /** Milliseconds between pieces of a few bytes. */
  readonly drip?: number;
  /** Milliseconds between the events of a stream. */
  readonly pace?: number;
  /** Deltas after which the vendor's error event comes. */
  readonly errorEvent?: number;
  /** Status of an HTML page, as a proxy in front of a vendor sends it. */
  readonly html?: number;
  readonly malformed?: number;
  readonly empty?: number;
  readonly endEarly?: number;
  readonly noUsage?: number;
  /** Only the first so many calls with the same fault text fail. */
  readonly times?: number;
  /** Only at this vendor. */
  readonly vendor?: string;
}

export const NO_FAULT: Fault = {};

const NUMBERS: Readonly<Record<string, keyof Fault>> = {
  status: 'status',
  'retry-after': 'retryAfter',
  delay: 'delay',
  cut: 'cut',
  stall: 'stall',
  drip: 'drip',
  pace: 'pace',
  'error-event': 'errorEvent',
  html: 'html',
  times: 'times',
};

const FLAGS: Readonly<Record<string, keyof Fault>> = {
  malformed: 'malformed',
  empty: 'empty',
  'end-early': 'endEarly',
  'no-usage': 'noUsage',
};

/** Reads `status=429,retry-after=2;delay=300`. A misspelt fault is a 400, lest a test pass because nothing failed. */
export function parseFault(text: string): Fault {
  const fault: Record<string, number | string> = {};
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
    } else if (name === 'vendor') {
      fault[name] = value;
    } else {
      throw new Refusal(400, `Unknown simulator fault "${item}".`, { type: 'invalid_request_error' });
    }
  }
  return fault;
}

/** Decides whether a scripted fault strikes: `vendor=` and `times=` narrow it down. */
export class FaultCounter {
  private readonly struck = new Map<string, number>();

  strike(text: string | undefined, vendor: string): Fault {
    if (!text) {
      return NO_FAULT;
    }
    const fault = parseFault(text);
    if (fault.vendor !== undefined && fault.vendor !== vendor) {
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
