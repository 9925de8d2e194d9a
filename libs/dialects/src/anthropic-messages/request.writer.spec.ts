import type { FunctionTool, Settings, Turn } from '../domain/conversation.js';
import { MODEL, user, written } from './fixtures/written.js';
import { anthropicMessagesVendor } from './vendor.js';

const look: FunctionTool = { kind: 'function', name: 'look' };
const lossesOf = (settings: Settings) => written({ settings }).losses;
const lookTool = { name: 'look', input_schema: { type: 'object', properties: {} } };

describe('the body', () => {
  it('holds the model, a limit and the messages, and nothing that nobody asked for', () => {
    expect(written({})).toEqual({
      body: {
        model: MODEL,
        max_tokens: 4096,
        messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
      },
      losses: [],
    });
  });

  it('asks for a stream when the caller did', () => {
    expect(written({ stream: true }).body['stream']).toBe(true);
  });

  it('takes max_tokens from the caller, else from the model table', () => {
    const traits = { maxOutputTokens: 64_000 };
    expect(written({ traits }).body['max_tokens']).toBe(64_000);
    expect(written({ traits, settings: { maxOutputTokens: 7 } }).body['max_tokens']).toBe(7);
  });

  it('loses what the vendor refuses, with a warning', () => {
    const { body, losses } = written({
      settings: { user: 'u1' },
      quirks: { unsupported: ['metadata', 'absent'] },
    });
    expect(body).not.toHaveProperty('metadata');
    expect(losses).toEqual(['dropped metadata']);
  });

  it('keeps fields of an Anthropic caller verbatim', () => {
    const native = {
      dialect: 'anthropic-messages',
      fields: { inference_geo: 'us', model: 'spoof' },
    } as const;
    const { body, losses } = written({ native });
    expect(body).toMatchObject({ inference_geo: 'us', model: MODEL });
    expect(losses).toEqual([]);
  });
});

describe('settings', () => {
  it('that Anthropic has are sent', () => {
    const { body, losses } = written({
      settings: {
        stop: ['END', ' \n'],
        user: 'u1',
        serviceTier: 'default',
        metadata: { a: 1 },
        promptCacheKey: 'k',
      },
    });
    expect(body).toMatchObject({
      stop_sequences: ['END'],
      metadata: { user_id: 'u1' },
      service_tier: 'standard_only',
    });
    expect(losses).toEqual(['dropped stop']);
  });

  it.each([
    [{ choices: 2 }, 'refused n'],
    [{ modalities: ['text', 'audio'] }, 'refused modalities'],
    [{ store: true }, 'refused store'],
    [{ seed: 0 }, 'dropped seed'],
    [{ frequencyPenalty: 1 }, 'dropped frequency_penalty'],
    [{ presencePenalty: -1 }, 'dropped presence_penalty'],
    [{ logitBias: { 5: 1 } }, 'dropped logit_bias'],
    [{ logprobs: true }, 'dropped logprobs'],
    [{ topLogprobs: 2 }, 'dropped top_logprobs'],
    [{ verbosity: 'low' }, 'dropped verbosity'],
    [{ serviceTier: 'flex' }, 'dropped service_tier'],
    [{ serviceTier: 'priority' }, 'approximated service_tier'],
    [{ temperature: 0.5 }, 'dropped temperature'],
    [{ topP: 1 }, 'dropped top_p'],
    [{ topK: 4 }, 'dropped top_k'],
  ] as const)('%j is reported: %s', (settings, loss) => {
    expect(lossesOf(settings)).toEqual([loss]);
  });

  it.each([
    { choices: 1 },
    { modalities: ['text'] },
    { store: false },
    { frequencyPenalty: 0, presencePenalty: 0, logprobs: false },
  ])('%j asks for nothing unusual', settings => {
    expect(lossesOf(settings)).toEqual([]);
  });

  it('of sampling go to models that take them, under the version that takes them', () => {
    const { body, losses } = written({
      settings: { temperature: 1.5, topP: 0.9, topK: 40 },
      traits: { sampling: true },
    });
    expect(body).toMatchObject({ temperature: 1, top_p: 0.9, top_k: 40 });
    expect(losses).toEqual(['approximated temperature']);
    expect(anthropicMessagesVendor.requestHeaders?.(body)).toEqual({ 'anthropic-version': '2023-06-01' });
    expect(anthropicMessagesVendor.requestHeaders?.(written({}).body)).toEqual(
      anthropicMessagesVendor.headers,
    );
  });

  it('of sampling are dropped while the model thinks', () => {
    const { body, losses } = written({
      settings: { temperature: 1, reasoning: { effort: 'low' } },
      traits: { sampling: true, reasoning: 'budget' },
    });
    expect(body).not.toHaveProperty('temperature');
    expect(losses).toEqual(['dropped temperature']);
  });
});

describe('fields only another dialect knows', () => {
  it('are refused, dropped with a warning, or dropped quietly', () => {
    const fields = {
      previous_response_id: 'resp_1',
      prediction: { type: 'content', content: 'x' },
      web_search_options: {},
      moderation: null,
      safety_identifier: 'u',
      x_future: 1,
    };
    expect(written({ native: { dialect: 'openai-chat', fields }, tools: { list: [look] } }).losses).toEqual([
      'refused previous_response_id',
      'dropped prediction',
      'dropped web_search_options',
    ]);
  });

  it('refuse a web search that was the only tool', () => {
    const native = { dialect: 'openai-chat', fields: { web_search_options: {} } } as const;
    expect(written({ native }).losses).toEqual(['refused web_search_options']);
  });
});

describe('tools', () => {
  it('get a schema when they have none, and `strict` only when the caller said so', () => {
    const parameters = { type: 'object', properties: { q: { type: 'string' } }, required: ['q'] };
    const find: FunctionTool = {
      kind: 'function',
      name: 'find',
      description: 'Finds.',
      parameters,
      strict: false,
    };
    const { body } = written({ tools: { list: [look, { ...find, cache: { ttl: '5m' } }] } });
    expect(body['tools']).toEqual([
      lookTool,
      {
        name: 'find',
        description: 'Finds.',
        input_schema: parameters,
        strict: false,
        cache_control: { type: 'ephemeral', ttl: '5m' },
      },
    ]);
    expect(body).not.toHaveProperty('tool_choice');
  });

  it('of free text become functions of one string', () => {
    const { body, losses } = written({ tools: { list: [{ kind: 'custom', name: 'sql' }] } });
    expect(body['tools']).toEqual([
      {
        name: 'sql',
        input_schema: { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] },
      },
    ]);
    expect(losses).toEqual(['approximated tools.custom']);
  });

  it('hosted by another vendor are dropped beside functions, refused alone or forced', () => {
    const hosted = { kind: 'hosted', dialect: 'openai-responses', type: 'web_search', value: {} } as const;
    expect(written({ tools: { list: [look, hosted] } })).toMatchObject({
      body: { tools: [lookTool] },
      losses: ['dropped tools'],
    });
    expect(written({ tools: { list: [hosted] } }).losses).toEqual(['refused tools']);
    const choice = { kind: 'named', name: 'web_search' } as const;
    expect(written({ tools: { list: [look, hosted], choice } }).losses).toEqual(['refused tools']);
  });

  it('hosted by Anthropic go on verbatim', () => {
    const value = { type: 'web_search_20250305', name: 'web_search', max_uses: 2 };
    const hosted = { kind: 'hosted', dialect: 'anthropic-messages', type: value.type, value } as const;
    expect(written({ tools: { list: [hosted] } })).toMatchObject({ body: { tools: [value] }, losses: [] });
  });

  it('are refused for a model that calls none', () => {
    expect(written({ tools: { list: [look] }, traits: { tools: false } }).losses).toEqual(['refused tools']);
  });

  it.each([
    [{ choice: { kind: 'auto' } }, { type: 'auto' }],
    [{ choice: { kind: 'none' }, parallel: false }, { type: 'none' }],
    [{ choice: { kind: 'required' } }, { type: 'any' }],
    [{ choice: { kind: 'named', name: 'look' } }, { type: 'tool', name: 'look' }],
    [{ parallel: false }, { type: 'auto', disable_parallel_tool_use: true }],
    [
      { choice: { kind: 'required' }, parallel: false },
      { type: 'any', disable_parallel_tool_use: true },
    ],
    [{ parallel: true }, undefined],
  ] as const)('%j gives the choice %j', (settings, choice) => {
    expect(written({ tools: { list: [look], ...settings } }).body['tool_choice']).toEqual(choice);
  });

  it('outside the allowed ones are not shown', () => {
    const list = [look, { ...look, name: 'other' }];
    const choice = { kind: 'allowed', mode: 'required', tools: [{ name: 'look' }] } as const;
    expect(written({ tools: { list, choice } }).body).toMatchObject({
      tools: [lookTool],
      tool_choice: { type: 'any' },
    });
  });

  it('that do not exist take no choice', () => {
    expect(
      written({ tools: { list: [], choice: { kind: 'auto' }, parallel: false } }).body,
    ).not.toHaveProperty('tool_choice');
  });
});

describe('structured output', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } } };

  it('goes to output_config beside the effort', () => {
    const { body, losses } = written({
      settings: {
        format: { kind: 'json-schema', name: 'answer', schema, strict: true },
        reasoning: { effort: 'high' },
      },
    });
    expect(body['output_config']).toEqual({ effort: 'high', format: { type: 'json_schema', schema } });
    expect(losses).toEqual([]);
  });

  it('is refused for a model without it', () => {
    const format = { kind: 'json-schema', name: 'answer', schema } as const;
    expect(written({ settings: { format }, traits: { structuredOutput: false } }).losses).toEqual([
      'refused response_format',
    ]);
  });

  it('without a schema is asked for in words', () => {
    const turns: Turn[] = [{ role: 'system', parts: [{ kind: 'text', text: 'Be brief.' }] }, user('Hi')];
    const { body, losses } = written({ turns, settings: { format: { kind: 'json' } } });
    const system = body['system'] as { text: string }[];
    expect(system.map(({ text }) => text)).toEqual(['Be brief.', expect.stringContaining('JSON object')]);
    expect(losses).toEqual(['approximated response_format']);
  });

  it('of plain text needs nothing', () => {
    expect(written({ settings: { format: { kind: 'text' } } })).toEqual(written({}));
  });
});

describe('cache marks', () => {
  it('beyond four: the last ones stay, wherever they are', () => {
    const cache = {};
    const turns: Turn[] = [
      { role: 'system', parts: [{ kind: 'text', text: 'a', cache }] },
      { role: 'user', parts: [{ kind: 'text', text: 'b', cache }] },
      { role: 'assistant', parts: [{ kind: 'tool-call', id: '1', name: 'look', arguments: '', cache }] },
      {
        role: 'tool',
        parts: [{ kind: 'tool-result', callId: '1', parts: [{ kind: 'text', text: 'c', cache }], cache }],
      },
    ];
    const { body, losses } = written({ turns, tools: { list: [{ ...look, cache }] } });
    expect(JSON.stringify(body).split('cache_control')).toHaveLength(5);
    expect(JSON.stringify([body['tools'], body['system']])).not.toContain('cache_control');
    expect(losses).toEqual(['dropped prompt_cache_breakpoint']);
  });

  it.each([
    ['5m', '5m', []],
    ['1h', '1h', []],
    ['12h', '1h', ['approximated prompt_cache_breakpoint.ttl']],
    ['30m', '1h', ['approximated prompt_cache_breakpoint.ttl']],
  ])('of %s last %s', (asked, ttl, losses) => {
    const turns: Turn[] = [{ role: 'user', parts: [{ kind: 'text', text: 'a', cache: { ttl: asked } }] }];
    const out = written({ turns });
    expect(out.body['messages']).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl } }] },
    ]);
    expect(out.losses).toEqual(losses);
  });
});
