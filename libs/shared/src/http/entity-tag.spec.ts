import { entityTag, versionOf } from './entity-tag.js';

describe('the tag of a record', () => {
  it('is another one for other bytes, and stands for the version all the same', () => {
    const tags = [
      entityTag({ version: 7, lastUsedAt: null }),
      entityTag({ version: 7, lastUsedAt: '2026-11-25T10:20:30.456Z' }),
    ];

    expect(new Set(tags).size).toBe(2);
    expect(tags.map(versionOf)).toEqual([7, 7]);
    expect(entityTag({ version: 7, lastUsedAt: null })).toBe(tags[0]);
  });

  it('may be the bare version in `If-Match`, but no weak or foreign tag', () => {
    expect(versionOf('"12"')).toBe(12);
    for (const tag of ['W/"12"', '12', '"12', '"abc"', '"12-"', '"12 "', '']) {
      expect([tag, versionOf(tag)]).toEqual([tag, null]);
    }
  });
});
