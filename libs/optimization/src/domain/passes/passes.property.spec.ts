import {
  anthropicMessagesVendor,
  type GenerationRequest,
  Losses,
  parseExact,
  type Target,
} from '@app/dialects';
import { fc } from '../../../../../test/support/properties.js';
import { recordings } from '../../../../../test/support/recordings.js';
import { requests } from '../../../../dialects/src/fixtures/requests.js';
import { seal, SIDES } from '../../../../dialects/src/fixtures/sides.js';
import { hasCacheMarks } from './caller-marks.js';
import { unmarked } from './fixtures.js';
import { placeMarks } from './place-marks.js';
import { prefixesOf } from './prompt-prefixes.js';
import { orderTools } from './tool-order.js';

const target: Target = { vendor: 'anthropic', model: 'claude-sonnet-4-5', traits: {}, quirks: {} };
const PATHS: Readonly<Record<string, RegExp>> = {
  'openai-chat': /\/chat\/completions$/,
  'openai-responses': /\/responses$/,
  'anthropic-messages': /\/messages$/,
  gemini: /:(?:g|streamG)enerateContent$/,
};

const recorded = SIDES.flatMap(({ name, client }) =>
  recordings(name).flatMap(([file, calls]) =>
    calls
      .filter(({ method, url }) => method === 'POST' && PATHS[name]?.test(new URL(url).pathname))
      .map(({ request }, n) => {
        const text = typeof request === 'string' ? request : JSON.stringify(request);
        return [`${name}/${file} #${n}`, () => client.readRequest(parseExact(text), seal)] as const;
      }),
  ),
);

/** Every place that can be marked. */
function markedAll(request: GenerationRequest): GenerationRequest {
  const prefixes = prefixesOf(request, 'p');
  return prefixes
    ? placeMarks(
        request,
        [...prefixes.shared, ...prefixes.own].map(({ end }) => end),
      )
    : request;
}

function wireOf(request: GenerationRequest): string {
  const body = anthropicMessagesVendor.writeRequest(request, target, new Losses(name => name));
  return JSON.stringify(body, (name, value: unknown) => (name === 'cache_control' ? undefined : value));
}

function assertMarksOnly(request: GenerationRequest): void {
  const before = structuredClone(request);
  const marked = markedAll(request);
  expect(request).toEqual(before);
  expect(unmarked(marked)).toEqual(unmarked(request));
  expect(wireOf(marked)).toBe(wireOf(request));
  if (marked !== request) {
    expect(hasCacheMarks(marked)).toBe(true);
  }
}

function assertOrderOnly(request: GenerationRequest): void {
  const ordered = orderTools(request);
  expect(orderTools(ordered)).toBe(ordered);
  const { tools, native, ...rest } = ordered;
  expect(rest).toEqual({ ...request, tools: undefined, native: undefined });
  expect(native.fields).toBe(request.native.fields);
  expect(tools).toEqual({ ...request.tools, list: tools.list });
  expect(tools.list).toHaveLength(request.tools.list.length);
  // Not one of them is another object: names, descriptions and schemas are what they were.
  expect(new Set(tools.list)).toEqual(new Set(request.tools.list));
}

describe('prompt passes', () => {
  it('put marks on any request, and change nothing else of it', () => {
    fc.assert(fc.property(requests.map(unmarked), assertMarksOnly));
  });

  it('find the marks of any caller', () => {
    fc.assert(
      fc.property(requests, request => {
        expect(hasCacheMarks(request)).toBe(JSON.stringify(request).includes('"cache":'));
      }),
    );
  });

  it('put the tools of any request in order, and change nothing else of it', () => {
    fc.assert(fc.property(requests, assertOrderOnly));
  });

  const eachRecorded =
    recorded.length > 0 ? it.each(recorded) : it.skip.each([['none', () => null as never]]);
  eachRecorded('leave what is said in %s', (_, read) => {
    const request = read();
    assertMarksOnly(request);
    assertOrderOnly(request);
  });
});
