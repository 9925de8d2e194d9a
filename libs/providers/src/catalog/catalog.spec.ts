import { catalog } from './catalog.js';

describe('the catalog', () => {
  it('names each vendor once', () => {
    const ids = catalog.map(({ id }) => id);

    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(catalog.map(vendor => [vendor.id, vendor] as const))('has a finished entry for %s', (_, vendor) => {
    const { hostname, protocol } = new URL(vendor.baseUrl);

    expect(vendor.id).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    expect(protocol).toBe('https:');
    // `new:provider` writes an address under .example until the true one is known
    expect(hostname).not.toMatch(/\.example$/);
    expect(vendor.baseUrl).not.toMatch(/\/$/);
    expect(vendor.apiKeyEnv.length).toBeGreaterThan(0);
  });
});
