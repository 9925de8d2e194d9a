import { callLabels, endUserOf, readTags } from './call-labels.js';

const labels = (endUser: string | null) => ({ endUser, tags: [] });

describe('the labels of a call', () => {
  it('are null where its headers have none', () => {
    expect(callLabels({ host: 'localhost' })).toBeNull();
  });

  it('are an end user and tags, without the blanks around them, each once', () => {
    expect(callLabels({ 'x-llmhub-user': ' user 4711 ', 'x-llmhub-tags': 'team:search, b,b ,a' })).toEqual({
      endUser: 'user 4711',
      tags: ['team:search', 'b', 'a'],
    });
    expect(callLabels({ 'x-llmhub-tags': 'a' })).toEqual({ endUser: null, tags: ['a'] });
  });

  it.each(['', ' ', 'größe', 'a\tb', 'a'.repeat(257)])('refuse the end user %j', user => {
    expect(() => callLabels({ 'x-llmhub-user': user })).toThrow(
      expect.objectContaining({
        status: 400,
        param: 'x-llmhub-user',
        message: expect.stringMatching(
          /^'x-llmhub-user' must have 1 to 256 .* Send an id of the user, or a hash/,
        ),
      }),
    );
  });

  it.each(['', 'a,,b', 'a,\u00fc', 'a'.repeat(65), 'a,b,c,d,e,f,g,h,i,j,k'])('refuse the tags %j', tags => {
    expect(() => readTags(tags)).toThrow(
      expect.objectContaining({
        status: 400,
        param: 'x-llmhub-tags',
        message: expect.stringContaining('at most 10'),
      }),
    );
  });

  it('may be as long as that, and as many', () => {
    const tags = Array.from({ length: 10 }, (_, at) => `${at}`.repeat(64));
    expect(callLabels({ 'x-llmhub-user': 'u'.repeat(256), 'x-llmhub-tags': tags.join(',') })).toEqual({
      endUser: 'u'.repeat(256),
      tags,
    });
  });
});

describe('the end user of a call', () => {
  it('is whom the header says, else whom the body says, the newest field first', () => {
    const body = { metadata: { user_id: 'c' } };
    expect(endUserOf(undefined, {})).toBeNull();
    expect(endUserOf(undefined, body)).toBe('c');
    expect(endUserOf(labels(null), { ...body, user: 'b' })).toBe('b');
    expect(endUserOf(undefined, { ...body, user: 'b', safety_identifier: 'a' })).toBe('a');
    expect(endUserOf(labels('h'), { ...body, user: 'b', safety_identifier: 'a' })).toBe('h');
  });

  it.each([7, '', '\0', null, ['a'], { id: 'a' }])('is not %j: that is for the vendor to judge', user => {
    expect(endUserOf(undefined, { user, metadata: user })).toBeNull();
    expect(endUserOf(undefined, { user, metadata: { user_id: 'b' } })).toBe('b');
  });

  it('is as every store can keep it, and cut where it is too long', () => {
    expect(endUserOf(undefined, { user: 'a\0b\ud800c' })).toBe('ab\ufffdc');
    expect(endUserOf(undefined, { user: 'ü'.repeat(300) })).toBe('ü'.repeat(256));
    expect(endUserOf(undefined, { user: `${'a'.repeat(255)}🎈` })).toBe(`${'a'.repeat(255)}\ufffd`);
  });
});
