import { InvalidRequestError } from '@app/shared';
import { readNumber, readObject, readTexts } from './wish-values.js';

describe('values of wishes', () => {
  it('are lists of texts, none when nothing is told', () => {
    expect(readTexts(['a', 'b'], 'models', 2)).toEqual(['a', 'b']);
    expect([readTexts(undefined, 'models', 2), readTexts(null, 'models', 2)]).toEqual([[], []]);
  });

  it.each([['a'], [{}], [0], [['a', 1]], [['a', null]], [['a', 'b', 'c']]])(
    'refuses %j as a list of two texts at most',
    value => {
      expect(() => readTexts(value, 'models', 2)).toThrow("'models' must be a list of at most 2 names.");
    },
  );

  it('says which of the texts is empty', () => {
    expect(() => readTexts([''], 'models', 2)).toThrow(
      "'models' must be a list of at most 2 names, and its entry 1 is empty: leave it out.",
    );
    expect(() => readTexts(['a', 'b', ''], 'models', 2)).toThrow(
      "'models' must be a list of at most 2 names.",
    );
  });

  it('are whole numbers within bounds, null when nothing is told', () => {
    expect(['1', '10', undefined].map(text => readNumber(text, 'here', [1, 10]))).toEqual([1, 10, null]);
  });

  it.each(['', ' 1', '0', '11', '-1', '1.5', '1e1', '0x1', 'ten', '9'.repeat(400)])(
    'refuses %j as a number from 1 to 10',
    text => {
      expect(() => readNumber(text, 'here', [1, 10])).toThrow("'here' must be a whole number from 1 to 10.");
    },
  );

  it('are objects in JSON', () => {
    expect(readObject('{"a": [1]}', 'here')).toEqual({ a: [1] });
  });

  it.each(['', '{', '[]', 'null', '"a"', '1'])('refuses %j as an object', json => {
    expect(() => readObject(json, 'here')).toThrow(InvalidRequestError);
    expect(() => readObject(json, 'here')).toThrow("'here' must be a JSON object.");
  });
});
