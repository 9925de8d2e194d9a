import { readFileSync } from 'node:fs';
import { Config } from './config.js';
import { readConfig, unknownVariables } from './config.reader.js';
import { allSettings } from './setting.decorator.js';

const lines = readFileSync('.env.example', 'utf8').split('\n');
const example = new Map(
  lines.flatMap(line => {
    const [, name, value] = /^#([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, value ?? ''] as const];
  }),
);

describe('.env.example', () => {
  it.each(allSettings().map(({ variable, property }) => [variable, property]))(
    'has %s',
    (variable, property) => {
      const defaults = new Config() as unknown as Record<string, unknown>;

      expect(example.get(variable)).toBe(String(defaults[property] ?? ''));
    },
  );

  it('names every alias', () => {
    const text = lines.join('\n');

    for (const alias of allSettings().flatMap(({ aliases }) => aliases)) {
      expect(text).toContain(alias);
    }
  });

  it('has no variable that the gateway does not read', () => {
    expect(example.size).toBeGreaterThan(allSettings().length);
    expect(unknownVariables(Object.fromEntries(example))).toEqual([]);
  });

  it('is a working configuration, all of it uncommented', () => {
    const config = readConfig(Object.fromEntries(example));

    expect(config.providers.get('my-vllm')?.baseUrl).toBe('http://127.0.0.1:8000/v1');
  });

  it('explains each variable in the line above', () => {
    const unexplained = lines.filter((line, at) => {
      const above = lines[at - 1] ?? '';
      return /^#[A-Z_0-9]+=/.test(line) && !above.startsWith('#');
    });

    expect(unexplained).toEqual([]);
  });
});
