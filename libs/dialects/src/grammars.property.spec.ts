import { fc } from '../../../test/support/properties.js';
import { eventsOf, streamSteps } from '../../../test/support/stream-events.js';
import { meta, plainRequest, SIDES } from './fixtures/sides.js';

const HOW = ['left out', 'told twice', 'swapped with the next', 'told again at the end', 'cut off'] as const;
type How = (typeof HOW)[number];

const usage = { inputTokens: 7, outputTokens: 3 };

type Harmless = (how: How, touched: readonly string[]) => boolean;

/**
 * What leaves a stream as right as it was, and only other words in it: another piece of a text, where pieces have no
 * numbers. Items of Responses may interleave; usage is nobody's duty in chat.
 */
const HARMLESS: Readonly<Record<string, Harmless>> = {
  'openai-chat': (how, touched) =>
    touched.every(how === 'left out' ? isUsageOrPiece : isPiece) ||
    (how === 'swapped with the next' &&
      isOfTwo(touched, callOf) &&
      touched.some(isPiece) &&
      touched.every(isContent)),
  'openai-responses': (how, touched) =>
    touched.every(isAnnotation) ||
    (how === 'swapped with the next' &&
      ((isOfTwo(touched, itemOf) && touched.every(itemOf)) ||
        (isOfTwo(touched, isAnnotation) && touched.some(isText)))),
  'anthropic-messages': (_how, touched) =>
    touched.every(event => /"type":"(?:text|thinking|input_json|citations)_delta"/.test(event)),
  gemini: (_how, touched) => touched.every(event => !event.includes('"finishReason"')),
};

function isContent(event: string): boolean {
  return !/"role":|"finish_reason":"|"choices":\[\]|\[DONE\]/.test(event);
}

/** Of a text or of the arguments of a call, which starts but once. */
function isPiece(event: string): boolean {
  return isContent(event) && !/"type":"(?:function|custom)"/.test(event);
}

function isAnnotation(event: string): boolean {
  return event.includes('annotation.added');
}

function isText(event: string): boolean {
  return /(?:output_text|refusal)\.d(?:elta|one)/.test(event);
}

function callOf(event: string): string {
  return /"tool_calls":\[\{"index":(\d+)/.exec(event)?.[1] ?? 'text';
}

function isUsageOrPiece(event: string): boolean {
  return event.includes('"choices":[]') || isPiece(event);
}

function isOfTwo(events: readonly string[], of: (event: string) => unknown): boolean {
  return new Set(events.map(of)).size === 2;
}

function itemOf(event: string): string | undefined {
  return /"output_index":(\d+)/.exec(event)?.[1];
}

describe.each(SIDES)('the grammar of $name', ({ name, client, checkStream }) => {
  const end = name === 'gemini' ? '\r\n\r\n' : '\n\n';
  const write = (said: Parameters<typeof eventsOf>[0]): string[] => {
    const writer = client.streamWriter(plainRequest, { ...meta, llmhub: () => null });
    const ofOne = said.filter(([choice, what]) => choice === 0 && what !== 'foreign');
    const sse = eventsOf(ofOne, [{ kind: 'usage', usage }, { kind: 'end' }])
      .map(event => writer.write(event))
      .join('');
    return sse.slice(0, -end.length).split(end);
  };
  const joined = (events: readonly string[]): string => events.map(event => event + end).join('');

  it.each(HOW)('refuses a stream of which one event is %s', how => {
    fc.assert(
      fc.property(streamSteps, fc.nat(), (said, at) => {
        const events = write(said);
        const index = at % events.length;
        const mutated = mutate(events, index, how);
        const isHarmless =
          renumbered(joined(mutated)) === renumbered(joined(events)) ||
          (how !== 'cut off' && HARMLESS[name]?.(how, touched(events, index, how)));

        expect(() => checkStream(joined(events))).not.toThrow();
        if (!isHarmless) {
          expect(() => checkStream(renumbered(joined(mutated)))).toThrow();
        }
      }),
    );
  });
});

function mutate(events: readonly string[], at: number, how: How): string[] {
  const [event = '', next] = events.slice(at, at + 2);
  switch (how) {
    case 'left out':
      return events.toSpliced(at, 1);
    case 'told twice':
      return events.toSpliced(at, 0, event);
    case 'swapped with the next':
      return next === undefined ? [...events] : events.toSpliced(at, 2, next, event);
    case 'told again at the end':
      return [...events, event];
    default:
      return [...events.slice(0, -1), (events.at(-1) ?? '').slice(0, -1 - (at % 9))];
  }
}

/** The events that a mutation moves, or moves across. */
function touched(events: readonly string[], at: number, how: How): string[] {
  switch (how) {
    case 'swapped with the next':
      return events.slice(at, at + 2);
    case 'told again at the end':
      return events.slice(at);
    default:
      return events.slice(at, at + 1);
  }
}

/** Numbers without a gap, so that it is not they that tell. */
function renumbered(sse: string): string {
  let number = 0;
  return sse.replace(/"sequence_number":\d+/g, () => `"sequence_number":${number++}`);
}
