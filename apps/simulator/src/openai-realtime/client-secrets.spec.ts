import { ClientSecrets } from './client-secrets.js';

describe('client secrets', () => {
  it('are keys until their life is over', () => {
    let now = 1_000_000;
    const secrets = new ClientSecrets(() => now);
    const { value, expiresAt } = secrets.issue({ model: 'gpt-realtime' }, 60_000);

    now += 59_999;
    expect(secrets.find(value)?.session).toEqual({ model: 'gpt-realtime' });
    now = expiresAt;
    expect(secrets.find(value)).toBeUndefined();
    expect(secrets.find('ek_guessed')).toBeUndefined();
  });
});
