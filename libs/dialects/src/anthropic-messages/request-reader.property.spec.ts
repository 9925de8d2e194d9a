import { fc } from '../../../../test/support/properties.js';
import type { SignatureSeal, Target } from '../domain/dialect.js';
import { parseExact } from '../domain/exact-json.js';
import { Losses } from '../domain/losses.js';
import { anthropicMessagesClient } from './client.js';
import { blocksOf, type Body, messageRequests } from './fixtures/requests.js';
import { anthropicMessagesVendor } from './vendor.js';

const seal: SignatureSeal = { seal: () => '', open: () => null };
const target: Target = {
  vendor: 'anthropic',
  model: 'claude-x',
  traits: { sampling: true, maxOutputTokens: 9 },
  quirks: {},
};

/** The liberties of reader and writer: a string is one text block, and members that say nothing are left out. */
function normalise({ messages: list, system, ...rest }: Body): object {
  return {
    ...withoutEmpty(rest),
    ...(system !== undefined && { system: blocksOf({ content: system }) }),
    messages: list.map(message => ({
      ...message,
      content: blocksOf(message).map(block =>
        block['type'] === 'tool_result' && block['content'] !== undefined
          ? { ...block, content: blocksOf(block as { content: unknown }) }
          : block,
      ),
    })),
  };
}

function withoutEmpty(wire: object): object {
  return Object.fromEntries(Object.entries(wire).filter(([, value]) => JSON.stringify(value) !== '{}'));
}

describe('a request for a message, read and written', () => {
  it('loses nothing, whatever it says', () => {
    fc.assert(
      fc.property(messageRequests, wire => {
        const before = structuredClone(wire);
        const losses = new Losses();

        const request = anthropicMessagesClient.readRequest(wire, seal);
        const written = anthropicMessagesVendor.writeRequest(request, target, losses);

        expect(normalise(JSON.parse(JSON.stringify(written)) as Body)).toEqual(normalise(before));
        expect(losses.list).toEqual([]);
        expect(wire).toEqual(before);
      }),
    );
  });

  it('keeps numbers that no double holds', () => {
    const wire =
      '{"model":"m","max_tokens":1,"new_id":12345678901234567891,"messages":[{"role":"assistant","content":[' +
      '{"type":"tool_use","id":"t","name":"f","input":{"n":9007199254740993123}}]}]}';

    const request = anthropicMessagesClient.readRequest(parseExact(wire), seal);
    const written = JSON.stringify(anthropicMessagesVendor.writeRequest(request, target, new Losses()));

    expect(written).toContain('"n":9007199254740993123');
    expect(written).toContain('"new_id":12345678901234567891');
  });
});
