import {
  anthropicMessagesClient,
  type ClientDialect,
  type GenerationRequest,
  openAiChatClient,
} from '@app/dialects';
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

const trail = null;
const change = (request: GenerationRequest) => ({
  request: { ...request, tools: { ...request.tools, list: request.tools.list.toReversed() } },
  trail,
});
const tool = (name: string) =>
  `{"name":"${name}","input_schema":{"type":"object","maximum":9007199254740993}}`;
const body = (tools: string, more = '') =>
  `{"model":"anthropic/claude-x", "max_tokens":9,${more} "tools":[${tools}],"messages":[{"role":"user","content":"Hi"}]}`;

type Pass = NonNullable<Parameters<typeof writeVendorBody>[3]['pass']>;

function write(text: string, pass?: Pass) {
  const parsed = parseBody(Buffer.from(text), { routing: null });
  const forward = { 'anthropic-version': '2023-06-01', 'anthropic-beta': 'b' };
  const route = routeTo('anthropic', 'claude-x');
  return writeVendorBody(anthropicMessagesClient, parsed, route, { seal, strict: true, forward, pass });
}

/** Cuts the last message, and says whether that is all. */
const cutting =
  (isAll: boolean): Pass =>
  (request, _, json = {}) => {
    const messages = (json['messages'] as object[]).slice(0, -1);
    const inBody = { body: { ...json, messages: [...messages, { role: 'user', content: 'é' }] }, isAll };
    return { ...change(request), inBody };
  };

describe('the body of a prompt that goes through passes', () => {
  it('is the bytes that came when no pass changes it', () => {
    const text = body(tool('a'));
    const passed = write(text, request => ({ request, trail }));

    expect(passed).toEqual({ ...write(text), trail: null });
    expect(passed.wire.toString()).toBe(text.replace('anthropic/claude-x', 'claude-x'));
  });

  it('is written anew when one does, and its answer passes', () => {
    const { wire, headers, request, losses } = write(
      body(`${tool('a')},${tool('b')}`, '"new_one":[1],'),
      change,
    );

    expect(wire.toString()).toContain(`"tools":[${tool('b')},${tool('a')}]`);
    expect(wire.toString()).toContain('"new_one":[1]');
    expect({ request, losses }).toEqual({ request: null, losses: [] });
    expect(headers).toMatchObject({ 'anthropic-version': '2023-06-01', 'anthropic-beta': 'b' });
  });

  it('is the bytes that came when only the vendor understands them', () => {
    const text = body('{"name":7}');

    expect(write(text, change)).toEqual(write(text));
    expect(write(text, change).wire.toString()).toContain('{"name":7}');
  });

  it('is the bytes that came when writing them anew would lose anything', () => {
    const late = '{"role":"assistant","content":"a"},{"role":"system","new_one":1,"content":"b"}';
    const text = body(`${tool('a')},${tool('b')}`).replace('{"role":"user"', `${late},{"role":"user"`);

    expect(write(text, change)).toEqual(write(text));
  });

  it('is the bytes that came but for what was cut, where nothing else was done', () => {
    const text = body(`${tool('a')},${tool('b')}`, '"new_one":[1.0], "max_tokens" : 9,');

    expect(write(text, cutting(true)).wire.toString()).toBe(
      write(text).wire.toString().replace('"Hi"', '"é"'),
    );
  });

  it('is cut also where writing it anew would lose anything', () => {
    const late = '{"role":"assistant","content":"a"},{"role":"system","new_one":1,"content":"b"}';
    const text = body(`${tool('a')},${tool('b')}`);
    const lossy = text.replace('{"role":"user"', `${late},{"role":"user"`);

    expect(write(lossy, cutting(false)).wire.toString()).toBe(
      write(lossy).wire.toString().replace('"Hi"', '"é"'),
    );
    expect(write(text, cutting(false)).wire.toString()).toContain(`[${tool('b')},${tool('a')}]`);
  });
});
