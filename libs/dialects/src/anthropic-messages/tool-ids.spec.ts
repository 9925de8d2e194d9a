import { ToolIds } from './tool-ids.js';

describe('ids of tool calls at Anthropic', () => {
  it('are allowed ones, each used once, and results find the earliest that waits', () => {
    const ids = new ToolIds<string>();

    expect(['f:0', 'f:0', 'f_0_2', 'f:0', ''].map(id => ids.open(id, id))).toEqual([
      'f_0',
      'f_0_2',
      'f_0_2_2',
      'f_0_3',
      'call',
    ]);
    expect(ids.close('f:0')).toEqual({ id: 'f_0', owner: 'f:0' });
    expect(ids.close('f:0')).toEqual({ id: 'f_0_2', owner: 'f:0' });
    expect(ids.close('nobody')).toEqual({ id: 'nobody' });
  });

  it('may be asked for very often under one name, as hostile callers do', () => {
    const ids = new ToolIds<null>();
    const given = Array.from({ length: 100_000 }, () => ids.open('c', null));

    expect(new Set(given).size).toBe(given.length);
  });
});
