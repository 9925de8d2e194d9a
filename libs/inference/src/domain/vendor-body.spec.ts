import { type ClientDialect, openAiChatClient } from '@app/dialects';
import { catalog, type Vendor } from '@app/providers';
import type { Route } from '@app/routing';
import { parseBody } from './parse-body.js';
import { writeVendorBody } from './vendor-body.js';

const seal = { seal: () => '', open: () => null };

function routeTo(id: string, model: string): Route {
  const vendor = catalog.find(known => known.id === id) as Vendor;
  const dialect = vendor.dialectFor?.(model) ?? vendor.dialect;
  return {
    id: `${id}/${model}`,
    vendor,
    dialect,
    target: { vendor: id, model, traits: {}, quirks: vendor.quirks },
  };
}

describe('the body for a vendor that wants members of its own', () => {
  // Bytes pass the same way in every dialect: this caller's stands for Anthropic's.
  const client: ClientDialect = { ...openAiChatClient, id: 'anthropic-messages' };
  const bytes = Buffer.from('{"model":"vertex/claude-x","n":9007199254740993,"messages":[{"model":1}]}');

  it('has them, and not those that the vendor does not take; all other bytes pass', () => {
    const route = routeTo('vertex', 'claude-x');
    const { wire } = writeVendorBody(client, parseBody(bytes, { routing: null }), route, {
      seal,
      strict: false,
    });

    expect(wire.toString()).toBe(
      '{"n":9007199254740993,"messages":[{"model":1}],"anthropic_version":"vertex-2023-10-16"}',
    );
  });
});
