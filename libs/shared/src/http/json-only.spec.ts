import { NotJsonError, requireJson } from './json-only.js';

const check = (type?: string) => (): void => requireJson({ headers: { 'content-type': type } });

describe('a JSON body', () => {
  it.each([
    undefined,
    'application/json',
    'APPLICATION/JSON',
    'application/json; charset=utf-8',
    'application/json;charset="UTF8"',
    'application/vnd.api+json',
  ])('may be called %s', type => {
    expect(check(type)).not.toThrow();
  });

  it.each([
    '',
    'text/plain',
    'text/plain; application/json',
    'text/json',
    'application/jsonx',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=application/json',
    'application/json; charset=utf-16',
    'application/json; charset=utf-7',
    'application/json, text/plain',
  ])('may not be called %s', type => {
    expect(check(type)).toThrow(NotJsonError);
  });
});
