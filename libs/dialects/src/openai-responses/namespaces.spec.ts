import type { Answer } from '../domain/answer.js';
import type { SignatureSeal } from '../domain/dialect.js';
import { Losses } from '../domain/losses.js';
import { anthropicMessagesVendor } from '../anthropic-messages/vendor.js';
import { openAiChatVendor } from '../openai-chat/openai-chat.dialect.js';
import { openAiResponsesClient, openAiResponsesVendor } from './openai-responses.dialect.js';

const seal: SignatureSeal = { seal: ({ payload }) => payload, open: () => null };
const target = { vendor: 'v', model: 'm', traits: {}, quirks: {} };

/** As Codex announces its tools to models of its own list. */
const body = {
  model: 'm',
  input: [
    {
      type: 'additional_tools',
      role: 'developer',
      tools: [
        {
          type: 'namespace',
          name: 'functions',
          tools: [
            { type: 'custom', name: 'exec', description: 'Runs JavaScript.' },
            { type: 'function', name: 'wait', parameters: { type: 'object', properties: {} } },
          ],
        },
        { type: 'web_search' },
      ],
    },
    { role: 'user', content: 'Go on.' },
    { type: 'custom_tool_call', call_id: 'a', namespace: 'functions', name: 'exec', input: 'text(1)' },
    { type: 'custom_tool_call_output', call_id: 'a', output: '1' },
    { type: 'function_call', call_id: 'b', namespace: 'functions', name: 'wait', arguments: '{}' },
    { type: 'function_call_output', call_id: 'b', output: 'done' },
  ],
  tools: [{ type: 'function', name: 'plan' }],
};

const request = openAiResponsesClient.readRequest(body, seal);

describe('tools of namespaces', () => {
  it('go to other vendors one by one, with calls of them, and what does not is reported', () => {
    const losses = new Losses();
    const written = anthropicMessagesVendor.writeRequest(request, target, losses) as {
      tools: { name: string }[];
      messages: { content: { name?: string; input?: object }[] }[];
    };
    const calls = written.messages.flatMap(({ content }) => content).filter(({ input }) => input);

    expect(written.tools.map(({ name }) => name)).toEqual(['plan', 'functions__exec', 'functions__wait']);
    expect(calls).toMatchObject([
      { name: 'functions__exec', input: { input: 'text(1)' } },
      { name: 'functions__wait', input: {} },
    ]);
    expect(losses.list.map(({ action, field }) => `${action} ${field}`)).toEqual(
      expect.arrayContaining(['dropped tools', 'dropped tools.namespace', 'approximated tools.custom']),
    );
  });

  it('are functions for vendors of chat that take no free text, calls of them too', () => {
    const written = openAiChatVendor.writeRequest(request, target, new Losses());

    expect(written).toMatchObject({
      tools: [
        { function: { name: 'plan' } },
        { type: 'function', function: { name: 'functions__exec', parameters: { required: ['input'] } } },
        { function: { name: 'functions__wait' } },
      ],
      messages: [
        { role: 'user' },
        { tool_calls: [{ function: { name: 'functions__exec', arguments: '{"input":"text(1)"}' } }] },
        { role: 'tool' },
        { tool_calls: [{ function: { name: 'functions__wait', arguments: '{}' } }] },
        { role: 'tool' },
      ],
    });
    const custom = { ...target, quirks: { customTools: true } };
    expect(openAiChatVendor.writeRequest(request, custom, new Losses())).toMatchObject({
      tools: [{}, { type: 'custom', custom: { name: 'functions__exec' } }, {}],
    });
  });

  it('go to a vendor of this dialect as they came', () => {
    const losses = new Losses();

    expect(openAiResponsesVendor.writeRequest(request, target, losses)).toEqual(body);
    expect(losses.list).toEqual([]);
  });

  it('are called by their caller’s names, whole and streamed', () => {
    const exec = { id: 'c', name: 'functions__exec' };
    const answer: Answer = {
      id: 'r',
      model: 'm',
      usage: null,
      choices: [
        {
          index: 0,
          parts: [
            { kind: 'tool-call', ...exec, arguments: '{"input":"text(2)"}' },
            { kind: 'tool-call', id: 'd', name: 'functions__wait', arguments: '{}' },
          ],
          finish: { reason: 'tool-calls', native: null },
        },
      ],
    };
    const meta = { requestId: 'r', model: 'm', seal, request };
    const { output } = openAiResponsesClient.writeAnswer(answer, { ...meta, llmhub: null });
    const said = { namespace: 'functions', name: 'exec', call_id: 'c', input: 'text(2)' };

    expect(output).toMatchObject([
      { type: 'custom_tool_call', ...said },
      { type: 'function_call', namespace: 'functions', name: 'wait', arguments: '{}' },
    ]);

    const writer = openAiResponsesClient.streamWriter(request, { ...meta, llmhub: () => null });
    writer.write({ kind: 'start', id: 'r', model: 'm' });
    writer.write({ kind: 'tool-start', choice: 0, tool: 0, ...exec });
    writer.write({ kind: 'tool-arguments', choice: 0, tool: 0, delta: '{"input":"text(2)"}' });
    const [, data = '{}'] =
      /output_item.done\ndata: (.*)/.exec(writer.write({ kind: 'tool-end', choice: 0, tool: 0 })) ?? [];
    expect(JSON.parse(data)).toMatchObject({ item: { type: 'custom_tool_call', ...said } });
  });
});
