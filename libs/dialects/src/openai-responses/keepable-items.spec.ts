import { assertReadable, keepableItems } from './keepable-items.js';
import { ResponseIds } from './response-object.js';

const CALL = '01936f5a-7c1e-7a1b-8f00-0123456789ab';
const BASE = CALL.replaceAll('-', '');

describe('items that can be kept', () => {
  const ids = new ResponseIds(CALL);

  it('are made of a text', () => {
    expect(keepableItems('Hi', ids)).toEqual([
      {
        id: `msg_${BASE}in0000`,
        type: 'message',
        role: 'user',
        content: [{ type: 'input_text', text: 'Hi' }],
      },
    ]);
    expect(keepableItems(undefined, ids)).toEqual([]);
  });

  it('keep an id that they have, unless it is taken or no store could take it', () => {
    const items = [
      { id: 'rs_1', type: 'reasoning', summary: [] },
      { id: 'rs_1', type: 'reasoning', summary: [] },
      { id: 'a\0b', type: 'function_call_output', call_id: 'c', output: 'x' },
      { id: 'taken', role: 'assistant', content: 'Hi' },
      { type: 'new_kind', x: 1 },
    ];

    expect(keepableItems(items, ids, new Set(['taken'])).map(({ id }) => id)).toEqual([
      'rs_1',
      `rs_${BASE}in0001`,
      `fco_${BASE}in0002`,
      `msg_${BASE}in0003`,
      `item_${BASE}in0004`,
    ]);
  });

  it('of a type that is no text are left for the reader, too', () => {
    const type = { toString: 'a' };

    expect(keepableItems([{ type }], ids)).toEqual([{ id: `item_${BASE}in0000`, type }]);
  });

  it('leave what is no item for the reader to refuse', () => {
    expect(keepableItems([7, null], ids)).toEqual([7, null]);
  });

  it('tell to which response they belong', () => {
    const [{ id } = { id: '' }] = keepableItems('Hi', ids);

    expect(ResponseIds.responseOf(String(id))).toBe(ids.response);
    expect(ResponseIds.responseOf(ids.next('fc'))).toBe(ids.response);
    expect(ResponseIds.isOwn(ids.response)).toBe(true);
    for (const foreign of [
      'resp_047f9036fb333784006a5fe9db456c819095d041b89bf6629e',
      `resp_${BASE}0`,
      `x${ids.response}`,
      '',
    ]) {
      expect(ResponseIds.isOwn(foreign)).toBe(false);
    }
    expect(ResponseIds.responseOf('msg_047f9036fb333784006a5fe9dd449881908fcfe84c03eed1b3')).toBeNull();
  });
});

describe('items of a conversation', () => {
  it.each<[string, unknown, string]>([
    ['a message of nobody', { role: 'nobody', content: 'Hi' }, 'items[1].role'],
    ['a call without a name', { type: 'function_call', call_id: 'c' }, 'items[1].name'],
    ['a reference', { type: 'item_reference', id: 'msg_1' }, 'items[1]'],
  ])('are not %s', (_what, item, param) => {
    const items = [{ role: 'user', content: 'Hi' }, item];

    expect(() => assertReadable(items, 'items')).toThrow(expect.objectContaining({ status: 400, param }));
  });

  it('are whatever a request may hold, also what is newer than the reader', () => {
    const items = [
      { role: 'assistant', content: 'Hi' },
      { type: 'reasoning', summary: [], encrypted_content: 'gw1.x.y' },
      { type: 'compaction', encrypted_content: 'x' },
      { type: 'new_kind', x: 1 },
    ];

    expect(() => assertReadable(items, 'items')).not.toThrow();
  });
});
