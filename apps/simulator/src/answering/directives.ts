/** Instructions to the simulator inside a prompt, by name: `[[sim:count 5]]` is `count` → `5`. */
export type Directives = ReadonlyMap<string, string>;

const OPEN = '[[sim:';
const CLOSE = ']]';
const NONE: Directives = new Map();

export function readDirectives(text: string): { readonly directives: Directives; readonly rest: string } {
  let from = text.indexOf(OPEN);
  if (from < 0) {
    return { directives: NONE, rest: text };
  }
  const directives = new Map<string, string>();
  let rest = '';
  let done = 0;
  while (from >= 0) {
    const to = text.indexOf(CLOSE, from);
    if (to < 0) {
      break;
    }
    const [name, value] = splitAtSpace(text.slice(from + OPEN.length, to));
    directives.set(name, value);
    rest += text.slice(done, from);
    done = to + CLOSE.length;
    from = text.indexOf(OPEN, done);
  }
  return { directives, rest: (rest + text.slice(done)).trim() };
}

function splitAtSpace(text: string): readonly [string, string] {
  const space = text.indexOf(' ');
  return space < 0 ? [text, ''] : [text.slice(0, space), text.slice(space + 1)];
}
