// What is done to a JSON value before it becomes text. Each breakage changes its argument, or gives another in its place.

/** Names that mean something to somebody: to JavaScript, or to another API than the one asked. */
const NAMES = [
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'toString',
  'then',
  'toJSON',
  'length',
  '',
  'type',
  'role',
  'content',
  'parts',
  'messages',
  'input',
  'model',
  'stream',
  'n',
  'tools',
  'tool_choice',
  'store',
  'background',
  'previous_response_id',
  'cache_control',
  'cachedContent',
  'thinking',
  'reasoning',
  'response_format',
  'x_llmhub',
];
const WORDS = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\u2028',
  'true',
  '7',
  '{}',
  'null',
  'data:',
  'gs://a',
  'ünï',
  'NONE',
];
const NUMBERS = [0, -0, -1, 1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, 5e-324];
const MOST_DEEP = 60;
const MOST_LONG = 20_000;

export function wrongValue(random) {
  const kinds = [
    () => null,
    () => random.chance(0.5),
    () => random.pick(NUMBERS),
    () => random.pick(WORDS),
    () => random.pick(NAMES),
    () => 'x'.repeat(random.below(MOST_LONG)),
    () => [],
    () => ({}),
    () => [random.pick([null, 1, 'a', {}, []])],
    () => named(random.pick(NAMES), random.pick([null, 1, 'a', {}, []])),
    () => nested(random, random.below(MOST_DEEP)),
  ];
  return random.pick(kinds)();
}

/** An own member, also where the name is that of the prototype. */
function named(name, value, target = {}) {
  return Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

function nested(random, depth) {
  let value = random.pick([null, 1, 'a']);
  for (let level = 0; level < depth; level++) {
    value = random.chance(0.5) ? [value] : { a: value };
  }
  return value;
}

/** Every member and item of a value: `[holder, key][]`. */
export function placesIn(value, found = []) {
  if (typeof value === 'object' && value !== null) {
    for (const key of Object.keys(value)) {
      found.push([value, key]);
      placesIn(value[key], found);
    }
  }
  return found;
}

const BREAKAGES = [
  function replace(random, [holder, key]) {
    set(holder, key, wrongValue(random));
  },
  function remove(_random, [holder, key]) {
    if (Array.isArray(holder)) {
      holder.splice(Number(key), 1);
    } else {
      delete holder[key];
    }
  },
  function add(random, [holder]) {
    if (Array.isArray(holder)) {
      holder.splice(random.below(holder.length + 1), 0, wrongValue(random));
    } else {
      named(random.pick(NAMES), wrongValue(random), holder);
    }
  },
  function swap(random, [holder, key], places) {
    const [otherHolder, otherKey] = random.pick(places);
    const value = copy(holder[key]);
    set(holder, key, copy(otherHolder[otherKey]));
    set(otherHolder, otherKey, value);
  },
  function rename(random, [holder, key]) {
    if (!Array.isArray(holder)) {
      const value = holder[key];
      delete holder[key];
      named(otherName(random, key), value, holder);
    }
  },
  function wrap(random, [holder, key]) {
    set(holder, key, random.pick([[holder[key]], { [key]: holder[key] }, [[holder[key]]]]));
  },
  function unwrap(random, [holder, key]) {
    const value = holder[key];
    if (typeof value === 'object' && value !== null) {
      set(holder, key, random.pick(Object.values(value)) ?? null);
    }
  },
  function repeat(random, [holder, key]) {
    if (Array.isArray(holder)) {
      holder.splice(Number(key), 0, ...Array.from({ length: random.below(30) }, () => copy(holder[key])));
    }
  },
  function retype(random, [holder, key]) {
    const value = holder[key];
    const text = JSON.stringify(value);
    set(holder, key, random.pick([text, [value], { value }, Number(text)]));
  },
];

function otherName(random, name) {
  const snake = name.replaceAll(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
  const camel = name.replaceAll(/_([a-z])/g, (_, letter) => letter.toUpperCase());
  return random.pick([snake, camel, name.toUpperCase(), `${name} `, `${name}s`, random.pick(NAMES)]);
}

function set(holder, key, value) {
  named(key, value, holder);
}

function copy(value) {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

/** A broken copy of a right value. */
export function breakValue(random, right) {
  const value = copy(right);
  if (random.chance(0.02)) {
    return wrongValue(random);
  }
  for (let times = random.pick([1, 1, 1, 2, 3]); times > 0; times--) {
    const places = placesIn(value);
    if (places.length > 0) {
      random.pick(BREAKAGES)(random, random.pick(places), places);
    }
  }
  return value;
}
