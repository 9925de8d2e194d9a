import { historyWindow } from './history-header.js';

describe('historyWindow', () => {
  it('reads how much of a conversation is to be sent on', () => {
    expect(historyWindow({})).toBeNull();
    expect(historyWindow({ 'x-llmhub-history': 'last=20' })).toEqual({ unit: 'last', most: 20 });
    expect(historyWindow({ 'x-llmhub-history': 'tokens=8000' })).toEqual({ unit: 'tokens', most: 8000 });
  });

  it.each([
    '',
    'last',
    'last=',
    'last=0',
    'last=-1',
    'last=1.5',
    'last=1e3',
    'last=20, last=10',
    'turns=3',
    '20',
    'tokens=99999999999',
  ])('refuses %j, and names the header', value => {
    expect(() => historyWindow({ 'x-llmhub-history': value })).toThrow("'x-llmhub-history' must be last=N");
  });
});
