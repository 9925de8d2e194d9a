import type { StreamEvent } from '@app/dialects';

interface ChoiceState {
  readonly open: Set<number>;
  readonly closed: Set<number>;
  block: number;
  finished: boolean;
}

/**
 * The grammar of canonical stream events (dialects/domain/answer.ts): `start` first, then per choice content and one
 * `finish`, `usage` anywhere between, and exactly one of `end` or `error` last. A failure before the first content has
 * no `start`.
 *
 * @throws Error naming the event that breaks it
 */
export function checkStreamGrammar(events: readonly StreamEvent[]): void {
  const choices = new Map<number, ChoiceState>();
  events.forEach((event, position) => {
    const where = `event ${position} (${JSON.stringify(event)})`;
    check(
      (event.kind === 'start') === (position === 0) || isLoneError(events),
      `${where}: start comes first, once`,
    );
    const isLast = position === events.length - 1;
    check(
      (event.kind === 'end' || event.kind === 'error') === isLast,
      `${where}: end or error comes last, once`,
    );
    if ('choice' in event) {
      checkContent(event, stateOf(choices, event.choice), where);
    }
  });
  check(events.length > 0, 'no event at all');
  if (events.at(-1)?.kind === 'end') {
    check(choices.size > 0, 'an end without a choice');
    choices.forEach((choice, index) => check(choice.finished, `choice ${index} never finished`));
  }
}

function isLoneError(events: readonly StreamEvent[]): boolean {
  return events.length === 1 && events[0]?.kind === 'error';
}

function checkContent(
  event: Extract<StreamEvent, { choice: number }>,
  choice: ChoiceState,
  where: string,
): void {
  check(!choice.finished, `${where}: content after the finish of its choice`);
  switch (event.kind) {
    case 'reasoning':
    case 'signature':
      check(event.block >= choice.block, `${where}: blocks count up`);
      choice.block = event.block;
      break;
    case 'tool-start':
      check(
        event.tool === choice.open.size + choice.closed.size,
        `${where}: tools are numbered as they come`,
      );
      choice.open.add(event.tool);
      break;
    case 'tool-arguments':
      check(choice.open.has(event.tool), `${where}: its tool is not open`);
      break;
    case 'tool-end':
      check(choice.open.delete(event.tool), `${where}: its tool is not open`);
      choice.closed.add(event.tool);
      break;
    case 'finish':
      check(choice.open.size === 0, `${where}: a tool is still open`);
      choice.finished = true;
      break;
    default:
      break;
  }
}

function stateOf(choices: Map<number, ChoiceState>, index: number): ChoiceState {
  const known = choices.get(index);
  const state = known ?? { open: new Set(), closed: new Set(), block: -1, finished: false };
  choices.set(index, state);
  return state;
}

function check(holds: boolean, message: string): void {
  if (!holds) {
    throw new Error(message);
  }
}
