import type { Route } from '@app/routing';
import type { RoutePermission } from '@app/shared';
import { parseBody } from './parse-body.js';
import { assertBodyInScope } from './scoped-fields.js';

const MODEL = 'openai/gpt-5-mini';
const route = { vendor: { id: 'openrouter' } } as Route;

/** Open are the models that begin with `openai/gpt-5`. */
const scope: RoutePermission = {
  limitsModels: true,
  limitsKey: true,
  allowsVendor: () => true,
  allowsAll: () => true,
  assertVendor: () => undefined,
  allowsPolicy: () => false,
  assertTarget: () => undefined,
  allows: (_vendor, model) => model.startsWith('openai/gpt-5'),
  assertRoute: (vendor, model) => {
    if (!scope.allows(vendor, model)) {
      throw new Error(`closed: ${vendor} ${model}`);
    }
  },
};

function assertText(text: string, permission: RoutePermission | null = scope): void {
  assertBodyInScope({ permission }, route, parseBody(Buffer.from(text), { routing: null }));
}

const withFields = (fields: object): string => JSON.stringify({ model: MODEL, messages: [], ...fields });

describe('the fields of a key that is for some models', () => {
  it.each([
    {},
    { models: ['openai/gpt-5', 'openai/gpt-5-nano'] },
    { models: null, fallbacks: [], route: null, plugins: [{ id: 'web' }] },
    { metadata: { model: 'o1-pro' }, messages: [{ role: 'user', content: 'model: o1-pro' }] },
    {
      tools: [
        {
          type: 'function',
          function: { name: 'order', parameters: { properties: { model: { type: 'string' } } } },
        },
      ],
    },
    { tools: [{ type: 'function', name: 'order', parameters: { properties: { model: {} } } }] },
  ])('may be %j', fields => {
    expect(() => assertText(withFields(fields))).not.toThrow();
  });

  it.each([{ models: ['openai/gpt-5', 'openai/o1-pro'] }, { fallbacks: 'openai/o1-pro' }])(
    'name models that are checked like the first: %j',
    fields => {
      expect(() => assertText(withFields(fields))).toThrow('closed: openrouter openai/o1-pro');
    },
  );

  it.each([
    ['route', { route: 'fallback' }],
    ['preset', { preset: 'costly' }],
    ['fallbacks', { fallbacks: [{ model: 'openai/gpt-5' }] }],
    ['tools', { tools: [{ type: 'advisor_20260301', name: 'advisor', model: 'openai/o1-pro' }] }],
    ['tools', { tools: [{ type: 'image', parameters: { Model: 'openai/o1-pro' } }] }],
    ['plugins', { plugins: [{ id: 'auto-router', allowed_models: ['*'] }] }],
    ['compound_custom', { compound_custom: { models: { answering_model: 'openai/o1-pro' } } }],
    ['Route', { Route: 'fallback' }],
    ['MODEL', { MODEL: 'openai/o1-pro' }],
    ['modelſ', { modelſ: [{}] }],
  ])('do not hold %s, which nobody can check', (param, fields) => {
    expect(() => assertText(withFields(fields))).toThrow(
      expect.objectContaining({ status: 403, code: 'outside_scope', param }),
    );
    expect(() => assertText(withFields(fields), null)).not.toThrow();
    expect(() => assertText(withFields(fields), { ...scope, limitsModels: false })).not.toThrow();
  });

  it.each(['model', 'models', 'mod\\u0065l', 'tools'])('do not hold %s twice', name => {
    const first = `"${name}":["openai/o1-pro"]`;

    expect(() => assertText(`{${first},"model":"${MODEL}","models":[],"tools":[]}`)).toThrow(
      expect.objectContaining({ status: 403 }),
    );
  });

  it('do not hold a model where the URL names it', () => {
    const asked = { model: MODEL, stream: false };
    const body = parseBody(Buffer.from('{"model":"openai/o1-pro"}'), { routing: null }, null, asked);

    expect(() => assertBodyInScope({ permission: scope }, route, body)).toThrow(
      "'model' could choose another",
    );
  });
});
