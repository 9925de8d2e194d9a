import type { FunctionTool, Settings, Turn } from '../domain/conversation.js';
import { MODEL, user, written } from './fixtures/written.js';
import { anthropicMessagesVendor } from './vendor.js';

const look: FunctionTool = { kind: 'function', name: 'look' };
const lossesOf = (settings: Settings) => written({ settings }).losses;

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
      settings: { temperature: 1.5, topK: 40 },
      traits: { sampling: true },
    });
    expect(body).toMatchObject({ temperature: 1, top_k: 40 });
    expect(losses).toEqual(['approximated temperature']);
    expect(anthropicMessagesVendor.requestHeaders?.(body)).toEqual({ 'anthropic-version': '2023-06-01' });
    expect(anthropicMessagesVendor.requestHeaders?.(written({}).body)).toEqual(
      anthropicMessagesVendor.headers,
    );
  });

  it.each([
    // As Gemini CLI asks: 1 is Anthropic's own default, so nothing is lost.
    [1, { top_p: 0.95, top_k: 64 }, []],
    [0.5, { temperature: 0.5, top_k: 64 }, ['dropped top_p']],
  ])('of sampling are a temperature (%j) or top_p: models refuse both', (temperature, sampling, lost) => {
    const { body, losses } = written({
      settings: { temperature, topP: 0.95, topK: 64 },
      traits: { sampling: true },
    });
    const { temperature: heat, top_p, top_k } = body;

    expect(JSON.parse(JSON.stringify({ temperature: heat, top_p, top_k }))).toEqual(sampling);
    expect(losses).toEqual(lost);
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

  it('refuse a response format that only they have', () => {
    const native = { dialect: 'openai-chat', fields: { response_format: { type: 'grammar' } } } as const;
    expect(written({ native }).losses).toEqual(['refused response_format']);
    expect(written({ native, settings: { format: { kind: 'text' } } }).losses).toEqual([
      'dropped response_format',
    ]);
  });

  it('refuse a web search that was the only tool', () => {
    const native = { dialect: 'openai-chat', fields: { web_search_options: {} } } as const;
    expect(written({ native }).losses).toEqual(['refused web_search_options']);
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
