import { vendorNames } from './vendor-names.ts';

describe('the names of a vendor', () => {
  it('come from its id', () => {
    expect(vendorNames('together-ai')).toEqual({
      id: 'together-ai',
      identifier: 'togetherAi',
      className: 'TogetherAi',
      title: 'Together Ai',
      variable: 'TOGETHER_AI_API_KEY',
    });
    expect(vendorNames('class-ai').identifier).toBe('classAi');
  });

  it.each(['class', 'default', 'new', 'await', 'open-ai-compatible', 'sse'])(
    'make no code that does not compile: %s',
    id => {
      expect(() => vendorNames(id)).toThrow(`Use another id, such as ${id}-ai.`);
    },
  );
});
