import type { FunctionTool } from '../domain/conversation.js';
import { written } from './fixtures/written.js';

const look: FunctionTool = { kind: 'function', name: 'look' };
const lookTool = { name: 'look', input_schema: { type: 'object', properties: {} } };

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
    expect(written({ tools: { list: [look, hosted], choice } }).losses).toEqual([
      'dropped tools',
      'refused tool_choice',
    ]);
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

  it.each([
    [{ kind: 'required' }, ['refused tool_choice']],
    [{ kind: 'named', name: 'look' }, ['refused tool_choice']],
    [{ kind: 'allowed', mode: 'required', tools: [{ name: 'look' }] }, ['refused tool_choice']],
    [{ kind: 'auto' }, []],
    [{ kind: 'none' }, []],
  ] as const)('of a model that cannot be forced have the choice %j or are refused', (choice, losses) => {
    const tools = { list: [look], choice };

    expect(written({ tools, traits: { forcedTools: false } }).losses).toEqual(losses);
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
