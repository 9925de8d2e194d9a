import { Losses } from '../domain/losses.js';
import type { SignatureSeal } from '../domain/dialect.js';
import { openAiResponsesClient } from '../openai-responses/openai-responses.dialect.js';
import { openAiChatVendor } from './openai-chat.dialect.js';

const seal: SignatureSeal = { seal: () => '', open: () => null };
const request = openAiResponsesClient.readRequest(
  {
    model: 'm',
    tools: [{ type: 'custom', name: 'exec', description: 'Runs JavaScript.' }],
    tool_choice: { type: 'custom', name: 'exec' },
    input: [
      { role: 'user', content: 'Go on.' },
      { type: 'custom_tool_call', call_id: 'a', name: 'exec', input: 'text(1)' },
      { type: 'custom_tool_call_output', call_id: 'a', output: '1' },
    ],
  },
  seal,
);

function written(quirks: object) {
  const losses = new Losses();
  const body = openAiChatVendor.writeRequest(
    request,
    { vendor: 'v', model: 'm', traits: {}, quirks },
    losses,
  );
  return { body, losses: losses.list.map(({ action, field }) => `${action} ${field}`) };
}

describe('a tool that takes free text', () => {
  it('is a function for a vendor that knows none, and so are its calls', () => {
    const { body, losses } = written({});

    expect(body).toMatchObject({
      tools: [{ type: 'function', function: { name: 'exec', parameters: { required: ['input'] } } }],
      tool_choice: { type: 'function', function: { name: 'exec' } },
      messages: [
        {},
        { tool_calls: [{ type: 'function', function: { name: 'exec', arguments: '{"input":"text(1)"}' } }] },
        { role: 'tool', content: '1' },
      ],
    });
    expect(losses).toEqual(['approximated tools.custom']);
  });

  it('is what it is for a vendor that knows them', () => {
    const { body, losses } = written({ customTools: true });

    expect(body).toMatchObject({
      tools: [{ type: 'custom', custom: { name: 'exec', description: 'Runs JavaScript.' } }],
      tool_choice: { type: 'custom', custom: { name: 'exec' } },
      messages: [{}, { tool_calls: [{ type: 'custom', custom: { name: 'exec', input: 'text(1)' } }] }, {}],
    });
    expect(losses).toEqual([]);
  });
});
