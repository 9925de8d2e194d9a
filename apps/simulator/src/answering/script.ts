import type { JsonObject } from '../json.js';
import { asObject } from '../json.js';
import { type Directives, readDirectives } from './directives.js';
import type { Medium, Prompt, Tool, Turn } from './prompt.js';
import { freshTurns } from './prompt.js';
import { sampleOf } from './schema-sample.js';
import { nextStep } from './steps.js';
import { countTokens, truncateToTokens } from './tokens.js';

/** What will be answered, whatever the wire format. */
export interface Plan {
  readonly reasoning: string;
  /** The reasoning is to be shown encrypted only, where the dialect has a way. */
  readonly redacted: boolean;
  readonly text: string;
  readonly calls: readonly PlannedCall[];
  readonly finish: 'end' | 'stop' | 'length' | 'calls' | 'refusal' | 'filter';
  /** The stop sequence that ended the text. */
  readonly stoppedBy: string | undefined;
  readonly cited: boolean;
}

export interface PlannedCall {
  readonly name: string;
  /** JSON of an object. */
  readonly arguments: string;
}

/** The page that `[[sim:citations]]` answers cite. */
export const CITED = { url: 'https://example.com/source', title: 'A cited page' } as const;

export const REFUSAL_TEXT = "I'm sorry, but I can't help with that.";

/** Of numbers, words or characters a directive may ask for. */
const MOST = 10_000_000;

const UNICODE_TEXT =
  'Zwölf Boxkämpfer 🥊 jagen 👩‍👩‍👧‍👦 über 漢字かな交じり文 한국어 עברית \u2028line\u2029paragraph e\u0301 "quoted" \\ \t end';

/**
 * Decides the answer. It depends on nothing but the prompt: a directive says it outright, else tool results are
 * repeated, else an offered tool is called, else JSON is made after the schema, else the user's text is echoed.
 */
export function planAnswer(prompt: Prompt, asked: string, directives: Directives): Plan {
  const draft = goingOn(prompt, draftAnswer(prompt, asked, directives));
  const reasoning = prompt.reasoning ? `Thinking about it: ${truncateToTokens(asked, 20)} — done.` : '';
  return fitLimits(
    { ...draft, reasoning, redacted: directives.has('redacted') },
    prompt,
    directives.has('length'),
  );
}

/** A last turn of the assistant is the beginning of the answer: the model says the rest. */
function goingOn({ turns }: Prompt, draft: Draft): Draft {
  const last = turns.at(-1);
  const isBegun = last?.role === 'assistant' && last.text !== '' && draft.text.startsWith(last.text);
  return isBegun ? { ...draft, text: draft.text.slice(last.text.length) } : draft;
}

type Draft = Omit<Plan, 'reasoning' | 'redacted'>;

function draftAnswer(prompt: Prompt, asked: string, directives: Directives): Draft {
  if (directives.has('refuse')) {
    return textDraft(REFUSAL_TEXT, 'refusal');
  }
  if (directives.has('filter')) {
    return textDraft('', 'filter');
  }
  if (directives.has('recall')) {
    return textDraft(recalled(prompt));
  }
  const said = scriptedText(directives);
  if (said !== undefined) {
    return { ...textDraft(said), cited: directives.has('citations') };
  }
  const step = nextStep(prompt);
  if (step) {
    return draftStep(step, prompt.tools);
  }
  const fresh = freshTurns(prompt);
  const results = fresh.filter(turn => turn.role === 'tool');
  if (prompt.tools.length > 0 && (prompt.mustCall || results.length === 0)) {
    return draftCalls(prompt, asked, directives);
  }
  const seen = fresh.flatMap(turn => turn.media).map(describeMedium);
  if (results.length > 0) {
    return textDraft([...results.map(describeResult), ...seen].join(' '));
  }
  if (prompt.answerSchema) {
    return textDraft(JSON.stringify(sampleObject(prompt.answerSchema, asked)));
  }
  return textDraft([`You said: ${asked} (${wordsOf(asked).length} words).`, ...seen].join(' '));
}

function textDraft(text: string, finish: Plan['finish'] = 'end'): Draft {
  return { text, finish, calls: [], stoppedBy: undefined, cited: false };
}

function scriptedText(directives: Directives): string | undefined {
  for (const [name, value] of directives) {
    switch (name) {
      case 'say':
        return value;
      case 'count':
        return Array.from({ length: amountOf(value) }, (_, index) => index + 1).join(' ');
      case 'words':
        return 'lorem '.repeat(amountOf(value)).trim();
      case 'blob':
        return 'x'.repeat(amountOf(value));
      case 'unicode':
        return UNICODE_TEXT;
      case 'citations':
        return 'The sky is blue.';
    }
  }
  return undefined;
}

/** What the model knows of the conversation before what it was asked now. */
function recalled({ turns }: Prompt): string {
  return turns
    .slice(0, -1)
    .filter(({ role }) => role !== 'system')
    .map(({ role, text }) => `${role}: ${readDirectives(text).rest}`)
    .join(' | ');
}

function amountOf(value: string): number {
  return Math.min(Math.max(Math.trunc(Number(value)) || 0, 0), MOST);
}

function draftCalls(prompt: Prompt, asked: string, directives: Directives): Draft {
  const [first, second = first] = prompt.tools;
  const named = prompt.tools.find(tool => tool.name === directives.get('tool')) ?? first;
  const chosen = directives.has('parallel') && prompt.mayCallInParallel ? [named, second] : [named];
  const calls = chosen
    .filter(tool => tool !== undefined)
    .map((tool: Tool) => ({
      name: tool.name,
      arguments: directives.get('arguments') ?? JSON.stringify(sampleObject(tool.schema, asked)),
    }));
  return { ...textDraft(directives.get('preface') ?? '', 'calls'), calls };
}

function draftStep(step: PlannedCall, tools: readonly Tool[]): Draft {
  return tools.some(({ name }) => name === step.name)
    ? { ...textDraft('', 'calls'), calls: [step] }
    : textDraft(`There is no tool ${step.name}, only ${tools.map(({ name }) => name).join(', ')}.`);
}

/** `type` is left out of some tool schemas, and of a bare "any JSON object". */
function sampleObject(schema: JsonObject, asked: string): unknown {
  return Object.keys(schema).length === 0 ? { answer: asked } : sampleOf(schema, wordsOf(asked));
}

function describeMedium({ kind, source }: Medium): string {
  const article = kind === 'image' || kind === 'audio recording' ? 'an' : 'a';
  return typeof source === 'number'
    ? `I see ${article} ${kind} of ${source} bytes.`
    : `I see ${article} ${kind} at ${source}.`;
}

function describeResult(turn: Turn): string {
  const media = turn.media.map(medium => ` ${describeMedium(medium)}`).join('');
  return `Tool ${turn.toolName ?? 'unknown'} ${turn.failed ? 'failed' : 'said'}: ${turn.text}${media}`;
}

function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Stop sequences first, then the token limit, in which reasoning counts too. */
function fitLimits(plan: Plan, prompt: Prompt, halve: boolean): Plan {
  const stopped = applyStops(plan, prompt.stops);
  const wanted = countTokens(stopped.reasoning) + countTokens(stopped.text + callText(stopped));
  const limit = Math.min(prompt.maxTokens ?? Infinity, halve ? Math.ceil(wanted / 2) : Infinity);
  if (wanted <= limit) {
    return stopped;
  }
  const reasoning = truncateToTokens(stopped.reasoning, limit);
  const text = truncateToTokens(stopped.text, limit - countTokens(reasoning));
  return { ...stopped, reasoning, text, calls: [], finish: 'length', stoppedBy: undefined };
}

function applyStops(plan: Plan, stops: readonly string[]): Plan {
  let end = plan.text.length;
  let stoppedBy: string | undefined;
  for (const stop of stops) {
    const at = stop === '' ? -1 : plan.text.indexOf(stop);
    if (at >= 0 && at < end) {
      end = at;
      stoppedBy = stop;
    }
  }
  return stoppedBy === undefined
    ? plan
    : { ...plan, text: plan.text.slice(0, end), calls: [], finish: 'stop', stoppedBy };
}

/** The part of an answer's cost that is not text: names and arguments of calls. */
export function callText(plan: Plan): string {
  return plan.calls.map(call => call.name + call.arguments).join('');
}

/** The arguments as an object, for dialects that send them so. */
export function argumentsOf(call: PlannedCall): JsonObject {
  try {
    return asObject(JSON.parse(call.arguments));
  } catch {
    return {};
  }
}
