import { vendorHeaders } from './forwarded-headers.js';

describe('the headers for a vendor', () => {
  it('lack those that are about one connection, however these are named', () => {
    const headers = { connection: `x-a${' '.repeat(10_000)}, ,\tX-B`, 'x-a': '1', 'x-b': '2', 'x-c': '3' };

    expect(vendorHeaders(headers, {}, {})).toEqual({ 'x-c': '3', 'accept-encoding': 'identity' });
  });
});
