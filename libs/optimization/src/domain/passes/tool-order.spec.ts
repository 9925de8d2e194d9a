import type { FunctionTool, GenerationRequest, Tool } from '@app/dialects';
import { orderTools } from './tool-order.js';

const tool = (name: string, some: Partial<FunctionTool> = {}): FunctionTool => ({
  kind: 'function',
  name,
  ...some,
});
const hosted: Tool = {
  kind: 'hosted',
  dialect: 'openai-responses',
  type: 'web_search',
  value: { type: 'web_search' },
};

function requestWith(list: readonly Tool[], body?: Record<string, unknown>): GenerationRequest {
  return {
    model: 'm',
    turns: [],
    tools: { list, choice: { kind: 'auto' } },
    settings: {},
    stream: false,
    streamUsage: false,
    native: { dialect: 'openai-responses', fields: {}, ...(body && { body }) },
  };
}

const namesOf = ({ tools }: GenerationRequest): string[] =>
  tools.list.map(each => (each.kind === 'hosted' ? each.type : each.name));

describe('orderTools', () => {
  it('orders functions by name, the same whatever the order they came in', () => {
    const one = orderTools(requestWith([tool('b'), tool('a'), tool('B')]));
    const other = orderTools(requestWith([tool('a'), tool('B'), tool('b')]));

    expect(namesOf(one)).toEqual(['B', 'a', 'b']);
    expect(one).toEqual(other);
  });

  it('keeps the very request when there is nothing to do', () => {
    for (const list of [[], [tool('a')], [tool('a'), hosted, tool('b')], [tool('a'), tool('a')]]) {
      const request = requestWith(list);
      expect(orderTools(request)).toBe(request);
    }
  });

  it('lets tools of the vendor, free-text tools and those of groups keep their place', () => {
    const grouped = tool('a_x', { group: { namespace: 'a', name: 'x' } });
    const custom: Tool = { kind: 'custom', name: 'c' };

    expect(namesOf(orderTools(requestWith([tool('z'), hosted, grouped, custom, tool('y')])))).toEqual([
      'y',
      'web_search',
      'a_x',
      'c',
      'z',
    ]);
  });

  it('moves nothing where the caller marked what to cache', () => {
    const marked = requestWith([tool('b', { cache: {} }), tool('a')]);
    const verbatim = requestWith([
      tool('b'),
      tool('a'),
      { ...hosted, value: { type: 'web_search_20250305', cache_control: { type: 'ephemeral' } } },
    ]);

    expect(orderTools(marked)).toBe(marked);
    expect(orderTools(verbatim)).toBe(verbatim);
  });

  it('keeps the body that the request is written back from in step, or leaves both', () => {
    const list = [tool('b'), tool('a')];
    const ordered = orderTools(
      requestWith(list, { tools: [{ name: 'b', x: 1 }, { name: 'a' }], input: 'hi' }),
    );
    const unlike = requestWith(list, { tools: [{ name: 'b' }] });

    expect(ordered.native.body).toEqual({ tools: [{ name: 'a' }, { name: 'b', x: 1 }], input: 'hi' });
    expect(orderTools(unlike)).toBe(unlike);
  });
});
