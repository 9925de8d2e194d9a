import { presentedKey } from './presented-key.js';

describe('the presented key', () => {
  it.each([
    ['of OpenAI clients', { authorization: 'Bearer pk_1' }, '/v1/chat/completions'],
    ['whatever the case of the scheme', { authorization: 'bearer  pk_1 ' }, '/'],
    ['of Anthropic clients', { 'x-api-key': 'pk_1' }, '/v1/messages'],
    ['of Google clients', { 'x-goog-api-key': 'pk_1' }, '/v1beta/models/m:generateContent'],
    ['in the URL', {}, '/v1beta/models/m:streamGenerateContent?alt=sse&key=pk_1'],
    ['in the URL, encoded', {}, '/v1beta/models/m:generateContent?key=pk%5F1&x=y'],
    ['beside a vendor key', { 'x-api-key': 'sk-ant-1', authorization: 'Bearer pk_1' }, '/'],
    ['beside a vendor key the other way round', { 'x-api-key': 'pk_1', authorization: 'Bearer sk-1' }, '/'],
    ['first of several', { 'x-api-key': 'pk_1', authorization: 'Bearer pk_2' }, '/?key=pk_3'],
  ])('is found %s', (_, headers, url) => {
    expect(presentedKey(headers, url)).toBe('pk_1');
  });

  it.each([
    [{ 'x-api-key': 'sk-ant-1', authorization: 'Bearer ek_v1.a.b' }, 'ek_v1.a.b'],
    [{ 'x-api-key': 'ek_openai', authorization: 'Bearer pk_1' }, 'pk_1'],
  ])('of browsers is found beside a vendor key: %j', (headers, key) => {
    expect(presentedKey(headers)).toBe(key);
  });

  it('may be one that is not ours', () => {
    expect(presentedKey({ authorization: 'Bearer sk-other' })).toBe('sk-other');
    expect(presentedKey({ 'x-api-key': '', authorization: 'Bearer sk-other' })).toBe('sk-other');
  });

  it.each([
    ['without any', {}, '/'],
    ['with another scheme', { authorization: 'Basic cGtfMTpwa18x' }, '/'],
    ['with an empty one', { authorization: 'Bearer ', 'x-api-key': ' ' }, '/?key='],
    ['with a parameter that only ends alike', {}, '/?monkey=pk_1'],
    ['with a path that only looks alike', {}, '/key=pk_1'],
  ])('is none %s', (_, headers, url) => {
    expect(presentedKey(headers, url)).toBeFalsy();
  });

  it('is not read from the URL unless it is given', () => {
    expect(presentedKey({})).toBeUndefined();
  });
});
