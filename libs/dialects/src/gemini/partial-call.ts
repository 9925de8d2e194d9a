import type { Signature } from '../domain/part.js';
import { isObject, type Wire } from '../domain/wire.js';

type Container = Record<string, unknown> | unknown[];

const STEP = /\.([^.[\]]+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/g;

/**
 * A function call that comes in pieces: its name, then values by JSON path, strings perhaps in several pieces. The
 * arguments cannot be written as text before the last piece is here.
 */
export class PartialCall {
  private readonly args: Container = newObject();

  constructor(
    readonly id: string,
    readonly name: string,
    readonly signature: Signature | undefined,
  ) {}

  get arguments(): string {
    return JSON.stringify(this.args);
  }

  /** `{jsonPath: '$.city', stringValue: 'Par', willContinue: true}` */
  add(piece: Wire): void {
    const steps = stepsOf(typeof piece['jsonPath'] === 'string' ? piece['jsonPath'] : '');
    const value = valueOf(piece);
    const last = steps.pop();
    if (last === undefined || value === undefined) {
      return;
    }
    let at = this.args;
    for (const [position, step] of steps.entries()) {
      at = open(at, step, steps[position + 1] ?? last);
    }
    const before = get(at, last);
    set(at, last, typeof before === 'string' && typeof value === 'string' ? before + value : value);
  }
}

function stepsOf(path: string): (string | number)[] {
  return Array.from(path.matchAll(STEP), ([, name, index, quoted, doubleQuoted]) =>
    index === undefined ? (name ?? (quoted ?? doubleQuoted ?? '').replace(/\\(.)/g, '$1')) : Number(index),
  );
}

function valueOf({ stringValue, numberValue, boolValue, nullValue }: Wire): unknown {
  return stringValue ?? numberValue ?? boolValue ?? (nullValue === undefined ? undefined : null);
}

/** The container at a step, made when it is not there; what comes after it says which kind. */
function open(container: Container, step: string | number, next: string | number): Container {
  const there = get(container, step);
  if (isObject(there) || Array.isArray(there)) {
    return there as Container;
  }
  const made = typeof next === 'number' ? [] : newObject();
  set(container, step, made);
  return made;
}

function get(container: Container, step: string | number): unknown {
  return Array.isArray(container) ? container[Number(step)] : container[step];
}

/** A list grows by one at most, whatever index the wire names. */
function set(container: Container, step: string | number, value: unknown): void {
  if (Array.isArray(container)) {
    container[Math.min(Number(step) || 0, container.length)] = value;
  } else {
    container[step] = value;
  }
}

/** Without a prototype, so that no name means more than itself. */
function newObject(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown>;
}
