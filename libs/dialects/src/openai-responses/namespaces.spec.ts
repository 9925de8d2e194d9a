import type { StreamEvent } from '../domain/answer.js';
import type { SignatureSeal } from '../domain/dialect.js';
import { geminiVendor } from '../gemini/vendor.js';
import { Losses } from '../domain/losses.js';
import { flatName } from './namespaces.js';
import { openAiResponsesClient } from './openai-responses.dialect.js';

const seal: SignatureSeal = { seal: () => '', open: () => null };
const parameters = { type: 'object', properties: {} };
const CRM = {
  type: 'namespace',
  name: 'crm',
  description: 'Our customers.',
  tools: [
    { type: 'function', name: 'find', description: 'Finds one.', parameters },
    { type: 'custom', name: 'note' },
  ],
};
const read = (body: object) => openAiResponsesClient.readRequest({ model: 'm', input: 'Hi', ...body }, seal);

describe('the one name of a tool in a namespace', () => {
  const long = 'a'.repeat(70);

  it.each([
    ['crm', 'find', 'crm__find'],
    ['', 'find', 'find'],
    ['find', 'find', 'find'],
  ])('of %s and %s is %s', (namespace, name, flat) => {
    expect(flatName(namespace, name)).toBe(flat);
  });

  it.each([
    [long, 'find'],
    ['my crm', 'find'],
  ])('of %s and %s is one that every vendor takes, and no other’s', (namespace, name) => {
    expect(flatName(namespace, name)).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    expect(flatName(namespace, name)).not.toBe(flatName(`${namespace}.`, name));
    expect(flatName(namespace, name)).toBe(flatName(namespace, name));
  });
});

describe('tools in a namespace', () => {
  it('are tools by themselves for others, with all that is said of the group', () => {
    const { tools, native } = read({ tools: [CRM] });

    expect(tools.list).toEqual([
      {
        kind: 'function',
        name: 'crm__find',
        description: 'Finds one.\n\nOur customers.',
        parameters,
        group: { namespace: 'crm', name: 'find' },
      },
      {
        kind: 'custom',
        name: 'crm__note',
        description: 'Our customers.',
        group: { namespace: 'crm', name: 'note' },
      },
    ]);
    expect(native.fields).toEqual({});
  });

  it.each([
    [
      { type: 'function', name: 'find' },
      { kind: 'named', name: 'crm__find' },
    ],
    [
      { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'find' }] },
      { kind: 'allowed', mode: 'auto', tools: [{ name: 'crm__find' }] },
    ],
  ])('may be chosen: %j', (tool_choice, choice) => {
    expect(read({ tools: [CRM], tool_choice }).tools.choice).toEqual(choice);
  });

  it('are refused beside another tool that vendors would know by the same name', () => {
    const other = { type: 'function', name: 'crm__find', parameters };

    expect(() => read({ tools: [CRM, other] })).toThrow("'crm__find'");
    expect(read({ tools: [CRM, CRM] }).tools.list).toHaveLength(2);
  });

  it('have called them in the same name before', () => {
    const call = { type: 'function_call', call_id: 'c', name: 'find', namespace: 'crm', arguments: '{}' };
    const request = read({ tools: [CRM], input: [call] });

    expect(request.turns[0]?.parts).toMatchObject([{ kind: 'tool-call', name: 'crm__find' }]);
    expect(request.native.fields).toEqual({});
  });

  it('reach Google, and come back whole and streamed in their namespace', () => {
    const request = read({ tools: [CRM] });
    const target = { vendor: 'google', model: 'g', traits: {}, quirks: {} };
    const written = geminiVendor.writeRequest(request, target, new Losses());
    const meta = { requestId: 'r', model: 'm', seal };
    const call = { kind: 'tool-call', id: 'c', name: 'crm__find', arguments: '{}' } as const;
    const whole = openAiResponsesClient.writeAnswer(
      {
        id: '',
        model: '',
        usage: null,
        choices: [{ index: 0, parts: [call], finish: { reason: 'tool-calls', native: null } }],
      },
      { ...meta, llmhub: null, request },
    );
    const events: StreamEvent[] = [
      { kind: 'start', id: '', model: '' },
      { kind: 'tool-start', choice: 0, tool: 0, id: 'c', name: 'crm__find' },
      { kind: 'tool-end', choice: 0, tool: 0 },
    ];
    const writer = openAiResponsesClient.streamWriter(request, { ...meta, llmhub: () => null });

    expect(JSON.stringify(written['tools'])).toContain('"name":"crm__find"');
    expect(whole['output']).toMatchObject([{ type: 'function_call', name: 'find', namespace: 'crm' }]);
    expect(events.map(event => writer.write(event)).join('')).toContain('"name":"find","namespace":"crm"');
  });

  it('of another vendor of Responses keep the namespace that it names', () => {
    const writer = openAiResponsesClient.streamWriter(read({}), {
      requestId: 'r',
      model: 'm',
      seal,
      llmhub: () => null,
    });
    const text = writer.write({
      kind: 'tool-start',
      choice: 0,
      tool: 0,
      id: 'c',
      name: 'found',
      namespace: 'searched',
    });

    expect(text).toContain('"name":"found","namespace":"searched"');
  });

  it('that an item announces are there, and what no other vendor has of them is reported', () => {
    const search = { type: 'web_search' };
    const announced = { type: 'additional_tools', role: 'developer', tools: [CRM, search] };
    const request = read({ input: [announced, { role: 'user', content: 'Hi' }] });
    const losses = new Losses();
    const target = { vendor: 'google', model: 'g', traits: {}, quirks: {} };
    const written = geminiVendor.writeRequest(request, target, losses);

    expect(JSON.stringify(written['tools'])).toContain('"name":"crm__find"');
    expect(losses.list.map(({ action, field }) => `${action} ${field}`)).toContain('dropped tools');
  });

  it.each([
    [{ ...CRM, name: 1 }, 'tools[0].name'],
    [{ ...CRM, tools: 'find' }, 'tools[0].tools'],
    [{ ...CRM, tools: [{ type: 'function' }] }, 'tools[0].tools[0].name'],
    [{ ...CRM, tools: [7] }, 'tools[0].tools[0]'],
  ])('are named when they are wrong (%#)', (tool, param) => {
    expect(() => read({ tools: [tool] })).toThrow(expect.objectContaining({ param }));
  });
});
