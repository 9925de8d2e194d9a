import { type Measure, MEASURES } from './measures.js';

export const INTERVALS = ['hour', 'day', 'month'] as const;
export type Interval = (typeof INTERVALS)[number];
/** What is told apart: what the gateway calls it in a question, and in its answer. */
export const DIMENSIONS = {
  project: 'projectId',
  key: 'keyId',
  endpoint: 'endpoint',
  provider: 'provider',
  model: 'model',
  endUser: 'endUser',
  tag: 'tag',
} as const;
export type Dimension = keyof typeof DIMENSIONS;

const DAY_MS = 86_400_000;
const MOST_DAYS = 36_500;
const DEFAULT_DAYS = '30';
const DEFAULT_TOP = '10';

/** What is asked, as the address has it. */
export interface Question {
  readonly measure: Measure;
  readonly by: readonly Dimension[];
  readonly interval: Interval;
  /** Days until now; empty: from one day to another. */
  readonly last: string;
  readonly from: string;
  readonly to: string;
  readonly projectId: string;
  readonly top: string;
}

/** What an address does not say, or says so that nobody understands it, is as usual. */
export function questionIn(query: URLSearchParams): Question {
  const of = (name: string, usual = ''): string => query.get(name) ?? usual;
  const isDated = query.has('from') || query.has('to');
  return {
    measure: MEASURES.find(({ id }) => id === of('measure')) ?? MEASURES[0],
    by: dimensionsIn([of('by', 'model'), of('and')]),
    interval: INTERVALS.find(interval => interval === of('interval')) ?? 'day',
    last: isDated ? '' : daysIn(of('last')),
    from: of('from'),
    to: of('to'),
    projectId: of('projectId'),
    top: of('top', DEFAULT_TOP),
  };
}

/** A number of days of at most a hundred years. */
function daysIn(text: string): string {
  return /^[1-9]\d{0,4}$/.test(text) && Number(text) <= MOST_DAYS ? text : DEFAULT_DAYS;
}

function dimensionsIn(names: readonly string[]): Dimension[] {
  return [...new Set(names)].filter((name): name is Dimension => Object.hasOwn(DIMENSIONS, name));
}

/**
 * Where the gateway answers it.
 *
 * @param now Unix ms
 */
export function addressOf(question: Question, interval: Interval | 'total', now: number): string {
  const { measure, by, last, projectId, top } = question;
  const from = last === '' ? question.from : new Date(now - Number(last) * DAY_MS).toISOString();
  const asked = {
    interval,
    groupBy: by.join(','),
    from,
    to: last === '' ? question.to : '',
    projectId,
    ...(measure.topBy && by.length > 0 && { top, topBy: measure.topBy }),
  };
  return `${measure.path}?${new URLSearchParams(Object.entries(asked).filter(([, value]) => value !== ''))}`;
}
