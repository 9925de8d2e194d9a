import { type GenerationRequest, parseExact } from '@app/dialects';
import { type KeyParts, requestKey } from './request-key.js';

const SECRET = Buffer.alloc(32, 1);

const REQUEST: GenerationRequest = {
  model: 'fast',
  turns: [
    { role: 'system', parts: [{ kind: 'text', text: 'Be brief.' }] },
    { role: 'user', parts: [{ kind: 'text', text: 'Hello "native":{}' }] },
  ],
  tools: { list: [{ kind: 'function', name: 'look', parameters: schema('a', 'b') }] },
  settings: { temperature: 0, maxOutputTokens: 100 },
  stream: false,
  streamUsage: false,
  native: { dialect: 'openai-chat', fields: {} },
};

const PARTS: KeyParts = {
  projectId: 'project-1',
  keyId: null,
  namespace: '',
  target: 'openai/gpt-5',
  strict: false,
  headers: {},
  routing: null,
  request: REQUEST,
  body: {},
};

const keyOf = (some: Partial<KeyParts> = {}): string => requestKey(SECRET, { ...PARTS, ...some });
const keyFor = (some: Partial<GenerationRequest>): string => keyOf({ request: { ...REQUEST, ...some } });

describe('requestKey', () => {
  it('is a hash', () => {
    expect(keyOf()).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each<[string, Partial<KeyParts>]>([
    ['project', { projectId: 'project-2' }],
    ['key', { keyId: 'key-1' }],
    ['key called null', { keyId: 'null' }],
    ['namespace', { namespace: 'n' }],
    ['target', { target: 'openai/gpt-5-mini' }],
    ['mode', { strict: true }],
    ['header', { headers: { 'anthropic-beta': 'a' } }],
    ['wish of routing', { routing: { models: 'openai/gpt-5' } }],
  ])('differs with another %s', (_, some) => {
    expect(keyOf(some)).not.toBe(keyOf());
  });

  it('differs with another secret', () => {
    expect(requestKey(Buffer.alloc(32, 2), PARTS)).not.toBe(keyOf());
  });

  it.each<[string, Partial<GenerationRequest>]>([
    ['order of turns', { turns: REQUEST.turns.toReversed() }],
    ['setting', { settings: { ...REQUEST.settings, temperature: 0.1 } }],
    ['setting too few', { settings: { temperature: 0 } }],
    ['setting too many', { settings: { ...REQUEST.settings, user: 'u' } }],
    ['order in a schema', toolWith(schema('b', 'a'))],
    ['way to answer', { stream: true }],
    ['field of its dialect', { native: { dialect: 'openai-chat', fields: { x: 1 } } }],
  ])('differs with another %s', (_, some) => {
    expect(keyFor(some)).not.toBe(keyOf());
  });

  it('is the same whatever the caller calls the model, and however its dialect spells and lays out the rest', () => {
    const { native: _native, settings, ...rest } = REQUEST;
    const request = {
      native: { dialect: 'gemini', fields: {}, spelling: { a: 'b' }, members: ['c'], body: { d: 1 } },
      settings: { user: undefined, maxOutputTokens: 100, temperature: settings.temperature },
      ...rest,
      model: 'openai/gpt-5',
      streamUsage: true,
    } as GenerationRequest;

    expect(keyOf({ request, body: { model: 'openai/gpt-5' } })).toBe(keyOf({ body: { model: 'fast' } }));
  });

  it('takes what a dialect says in words of its own as it is', () => {
    const native = { dialect: 'openai-chat', fields: { x: 1 } } as const;
    const keys = [
      keyOf({ body: { x: 1 } }),
      keyOf({ body: { x: 2 } }),
      keyOf({ body: { x: 1, dialect: 'gemini' } }),
      keyOf({ body: JSON.parse('{"__proto__":1}') as KeyParts['body'] }),
      keyOf({ request: { ...REQUEST, native: { dialect: 'gemini', fields: {} } }, body: { x: 1 } }),
      keyOf({ request: { ...REQUEST, native } }),
      keyOf(),
    ];

    expect(new Set(keys).size).toBe(keys.length);
  });

  it('knows that only responses are kept when nobody says so', () => {
    const native = { dialect: 'openai-responses', fields: {} } as const;
    const [unsaid, kept, notKept] = [undefined, true, false].map(store => ({
      settings: { ...REQUEST.settings, store },
    }));

    expect(keyFor({ ...unsaid })).toBe(keyFor({ ...notKept }));
    expect(keyFor({ ...unsaid, native })).toBe(keyFor({ ...kept, native }));
    expect(keyFor({ ...unsaid, native })).not.toBe(keyFor({ ...unsaid }));
  });

  it('tells numbers apart that a double cannot', () => {
    const seeds = [
      '9007199254740993',
      '9007199254740992',
      '"9007199254740993"',
      '{"rawJSON":"9007199254740993"}',
    ];
    const keys = seeds.map(seed => keyFor({ settings: { seed: parseExact(seed) } }));

    expect(new Set(keys).size).toBe(seeds.length);
  });

  it('tells such numbers apart in a field that nobody knows, too', () => {
    const keys = ['9007199254740993', '9007199254740992'].map(text => {
      const fields = { unheard_of: parseExact(text) };
      return keyOf({
        request: { ...REQUEST, native: { dialect: 'openai-chat', fields } },
        body: { unheard_of: Number(text) },
      });
    });

    expect(keys[0]).not.toBe(keys[1]);
  });

  it('gives one place no way to say what another one says', () => {
    const keys = [
      keyOf({ namespace: 'a', target: 'b' }),
      keyOf({ namespace: 'a","target":"b', target: '' }),
      keyOf({ namespace: '', target: 'a,b' }),
      keyOf({ headers: { a: 'b","c":"d' } }),
      keyOf({ headers: { a: 'b', c: 'd' } }),
      keyOf({ routing: ['a', 'b'] }),
      keyOf({ routing: ['a,b'] }),
      keyOf({ routing: ['a', null, 'b'] }),
      keyOf({ routing: {} }),
      keyOf({ routing: JSON.parse('{"__proto__":{"a":1}}') as unknown }),
    ];

    expect(new Set(keys).size).toBe(keys.length);
  });
});

function schema(...names: string[]): Record<string, unknown> {
  return { type: 'object', properties: Object.fromEntries(names.map(name => [name, { type: 'string' }])) };
}

function toolWith(parameters: Record<string, unknown>): Partial<GenerationRequest> {
  return { tools: { list: [{ kind: 'function', name: 'look', parameters }] } };
}
