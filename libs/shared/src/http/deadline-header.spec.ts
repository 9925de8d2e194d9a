import { callDeadline } from './deadline-header.js';

describe('callDeadline', () => {
  it('reads how long a call can wait', () => {
    expect(callDeadline({})).toBeNull();
    expect(callDeadline({ 'x-llmhub-deadline': '24h' })).toBe(86_400_000);
    expect(callDeadline({ 'x-llmhub-deadline': '15m' })).toBe(900_000);
    expect(callDeadline({ 'x-llmhub-deadline': '1440m' })).toBe(86_400_000);
  });

  it.each(['', '24', '0h', '14m', '25h', '1441m', '1d', '-1h', '1.5h', '1h, 2h', '24H', '99999h'])(
    'refuses %j, and names the header',
    value => {
      expect(() => callDeadline({ 'x-llmhub-deadline': value })).toThrow(
        "'x-llmhub-deadline' must be a time from 15m to 24h",
      );
    },
  );
});
