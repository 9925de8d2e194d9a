import { type ReactElement, useEffect, useRef, useState } from 'react';
import Plot from 'uplot';
import { time, UNKNOWN } from '../format.js';
import { THEME_EVENT } from './theme.js';

export interface Line {
  readonly name: string;
  /** Name of a custom property. */
  readonly colour: string;
  /** Of each moment; null where there is none. */
  readonly values: readonly (number | null)[];
}

interface ChartProps {
  readonly title: string;
  /** Unix seconds. */
  readonly moments: readonly number[];
  readonly lines: readonly Line[];
  readonly format: (value: number) => string;
  /** How times are told; by default as the time of the day. */
  readonly moment?: (iso: string) => string;
}

const HEIGHT = 160;
const AXIS_WIDTH = 64;
const AXIS_HEIGHT = 28;
/** Between two times, in px. */
const APART = 90;
/** So few moments are marked: a line has no length of its own. */
const MARKED = 40;

/** Lines over time, on a canvas; the caption says in words what the last of them are. */
export function Chart(props: ChartProps): ReactElement {
  const { title, lines, format } = props;
  const theme = useThemeChanges();
  return (
    <figure className="card chart">
      <figcaption>
        <h2>{title}</h2>
        <ul className="legend">
          {lines.map(({ name, colour, values }) => (
            <li key={name} data-colour={colour}>
              {name} <b>{lastOf(values, format)}</b>
            </li>
          ))}
        </ul>
      </figcaption>
      <Canvas key={theme} {...props} />
    </figure>
  );
}

/** Its lines are those that it began with; what they show changes. */
function Canvas({ moments, lines, format, moment = time }: ChartProps): ReactElement {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot>(null);
  const looks = useRef({ lines, format, moment });
  useEffect(() => {
    const parent = place.current;
    if (!parent) {
      return undefined;
    }
    const made = new Plot(optionsOf(parent, looks.current), undefined, parent);
    plot.current = made;
    const watcher = new ResizeObserver(() => made.setSize({ width: parent.clientWidth, height: HEIGHT }));
    watcher.observe(parent);
    return () => {
      watcher.disconnect();
      made.destroy();
    };
  }, []);
  useEffect(() => {
    plot.current?.setData([[...moments], ...lines.map(({ values }) => [...values])]);
  }, [moments, lines]);
  return <div ref={place} aria-hidden="true" />;
}

function lastOf(values: readonly (number | null)[], format: (value: number) => string): string {
  const last = values.at(-1) ?? null;
  return last === null ? UNKNOWN : format(last);
}

function optionsOf(
  parent: HTMLElement,
  { lines, format, moment }: Pick<Required<ChartProps>, 'lines' | 'format' | 'moment'>,
): Plot.Options {
  const style = getComputedStyle(parent);
  const colourOf = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const axis = {
    stroke: colourOf('muted'),
    font: `11px ${style.fontFamily}`,
    grid: { stroke: colourOf('line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: parent.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: { y: { range: (_, __, most) => [0, Math.max(most || 0, 1) * 1.1] } },
    axes: [
      {
        ...axis,
        size: AXIS_HEIGHT,
        space: APART,
        values: (_, ticks) => ticks.map(tick => moment(isoOf(tick))),
      },
      { ...axis, size: AXIS_WIDTH, values: (_, ticks) => ticks.map(format) },
    ],
    series: [
      {},
      ...lines.map(({ name, colour }) => ({
        label: name,
        stroke: colourOf(colour),
        width: 1.5,
        points: { show: ({ data }: Plot) => data[0].length < MARKED },
      })),
    ],
  };
}

/** @param moment Unix seconds */
function isoOf(moment: number): string {
  return new Date(moment * 1000).toISOString();
}

/** Grows whenever colours are other ones: a canvas does not see that. */
function useThemeChanges(): number {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const change = (): void => setChanges(before => before + 1);
    dark.addEventListener('change', change);
    window.addEventListener(THEME_EVENT, change);
    return () => {
      dark.removeEventListener('change', change);
      window.removeEventListener(THEME_EVENT, change);
    };
  }, []);
  return changes;
}
