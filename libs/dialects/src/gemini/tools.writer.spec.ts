import type { FunctionTool, Tool, ToolChoice } from '../domain/conversation.js';
import { written } from './fixtures/written.js';

const tools = (list: readonly Tool[], choice?: ToolChoice, parallel?: boolean) =>
  written({ tools: { list, ...(choice && { choice }), ...(parallel !== undefined && { parallel }) } });

describe('tools', () => {
  const look: FunctionTool = {
    kind: 'function',
    name: 'look',
    description: 'Looks.',
    parameters: { $ref: '#/x' },
  };
  const search: Tool = { kind: 'hosted', dialect: 'openai-responses', type: 'web_search', value: {} };

  it('keep their schema as it is', () => {
    const { body, losses } = tools([look, { kind: 'function', name: 'ping' }]);
    expect(body['tools']).toEqual([
      {
        functionDeclarations: [
          { name: 'look', description: 'Looks.', parametersJsonSchema: { $ref: '#/x' } },
          { name: 'ping' },
        ],
      },
    ]);
    expect(body).not.toHaveProperty('toolConfig');
    expect(losses).toEqual([]);
  });

  it.each<[ToolChoice, object]>([
    [{ kind: 'auto' }, { mode: 'AUTO' }],
    [{ kind: 'none' }, { mode: 'NONE' }],
    [{ kind: 'required' }, { mode: 'ANY' }],
    [
      { kind: 'named', name: 'look' },
      { mode: 'ANY', allowedFunctionNames: ['look'] },
    ],
    [
      { kind: 'allowed', mode: 'required', tools: [{ name: 'look' }] },
      { mode: 'ANY', allowedFunctionNames: ['look'] },
    ],
    [
      { kind: 'allowed', mode: 'auto', tools: [{ name: 'look' }] },
      { mode: 'VALIDATED', allowedFunctionNames: ['look'] },
    ],
  ])('are chosen: %j', (choice, functionCallingConfig) => {
    expect(tools([look], choice).body['toolConfig']).toEqual({ functionCallingConfig });
    expect(tools([], choice).body).not.toHaveProperty('toolConfig');
  });

  it('that are strict have their calls validated', () => {
    expect(tools([{ ...look, strict: true }]).body['toolConfig']).toEqual({
      functionCallingConfig: { mode: 'VALIDATED' },
    });
  });

  it('may run in parallel, whatever the caller says', () => {
    expect(tools([look], undefined, false).losses).toEqual(['dropped parallel_tool_calls']);
  });

  it('with free text become functions', () => {
    const { body, losses } = tools([{ kind: 'custom', name: 'sql' }]);
    expect(body['tools']).toMatchObject([
      { functionDeclarations: [{ parametersJsonSchema: { required: ['input'] } }] },
    ]);
    expect(losses).toEqual(['approximated tools.custom']);
  });

  it('of another vendor are left out beside functions, refused when alone or forced', () => {
    expect(tools([look, search])).toMatchObject({
      body: { tools: [{ functionDeclarations: [{ name: 'look' }] }] },
      losses: ['dropped tools'],
    });
    expect(tools([search]).losses).toEqual(['refused tools']);
    expect(tools([look, search], { kind: 'named', name: 'web_search' }).losses).toEqual(['refused tools']);
    const own: Tool = {
      kind: 'hosted',
      dialect: 'gemini',
      type: 'googleSearch',
      value: { googleSearch: {} },
    };
    expect(tools([own]).body['tools']).toEqual([{ googleSearch: {} }]);
  });

  it('are refused by models that call none', () => {
    expect(written({ tools: { list: [look] }, traits: { tools: false } }).losses).toEqual(['refused tools']);
  });
});
