import { Refusal } from '../refusal.js';

/** Tokens of one call, and what was charged for it in US dollars, where a vendor says so. */
export interface Usage {
  /** All of it. */
  readonly input: number;
  /** Of the input. */
  readonly cached: number;
  /** Of the input, newly written into the cache. */
  readonly written: number;
  /** Of what was written, for an hour. */
  readonly hourly?: number;
  readonly audioInput?: number;
  readonly imageInput?: number;
  /** All of it. */
  readonly output: number;
  /** Of the output. */
  readonly reasoning: number;
  readonly audioOutput?: number;
  readonly cost?: number;
}

const NOTHING: Usage = { input: 0, cached: 0, written: 0, output: 0, reasoning: 0 };

const ITEMS: Readonly<Record<string, keyof Usage>> = {
  input: 'input',
  cached: 'cached',
  written: 'written',
  hourly: 'hourly',
  'audio-in': 'audioInput',
  'image-in': 'imageInput',
  output: 'output',
  reasoning: 'reasoning',
  'audio-out': 'audioOutput',
  cost: 'cost',
};

/** Reads `input=1000,cached=200`, which a vendor then tells and bills, whatever was said, and nothing else. A misspelt item is a 400. */
export function readScriptedUsage(text: string): Usage {
  const usage: { -readonly [Item in keyof Usage]: number } = { ...NOTHING };
  for (const item of text.split(',')) {
    const [name = '', value = ''] = item.split('=');
    const member = ITEMS[name];
    if (!member || !/^\d+(\.\d+)?$/.test(value)) {
      throw new Refusal(400, `Unknown simulator usage "${item}".`, { type: 'invalid_request_error' });
    }
    usage[member] = Number(value);
  }
  return usage;
}
