/** Instructions to the simulator inside a prompt, by name: `[[sim:count 5]]` is `count` → `5`. */
export type Directives = ReadonlyMap<string, string>;

const OPEN = '[[sim:';
const CLOSE = ']]';
const NONE: Directives = new Map();

/** Of directives of one name the last one holds. */
export function readDirectives(text: string): { readonly directives: Directives; readonly rest: string } {
  if (!text.includes(OPEN)) {
    return { directives: NONE, rest: text };
  }
  const directives = new Map<string, string>();
  let rest = '';
  let done = 0;
  for (const { name, value, from, to } of eachDirective(text)) {
    directives.set(name, value);
    rest += text.slice(done, from);
    done = to;
  }
  return { directives, rest: (rest + text.slice(done)).trim() };
}

/** All values of a directive that may be given several times. */
export function valuesOf(text: string, wanted: string): readonly string[] {
  return [...eachDirective(text)].filter(({ name }) => name === wanted).map(({ value }) => value);
}

interface Directive {
  readonly name: string;
  readonly value: string;
  readonly from: number;
  readonly to: number;
}

function* eachDirective(text: string): Generator<Directive> {
  let from = text.indexOf(OPEN);
  while (from >= 0) {
    const close = text.indexOf(CLOSE, from);
    if (close < 0) {
      return;
    }
    const [name, value] = splitAtSpace(text.slice(from + OPEN.length, close));
    const to = close + CLOSE.length;
    yield { name, value, from, to };
    from = text.indexOf(OPEN, to);
  }
}

export function splitAtSpace(text: string): readonly [string, string] {
  const space = text.indexOf(' ');
  return space < 0 ? [text, ''] : [text.slice(0, space), text.slice(space + 1)];
}
