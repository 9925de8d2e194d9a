import type { CallMeter } from '@app/analytics';
import type { Route } from '@app/routing';
import { type Call, isObject, memberNames } from '@app/shared';
import { ModelChoiceError } from './inference.errors.js';
import type { ParsedBody } from './parse-body.js';

/** Lists of models to fall back on: of OpenRouter, and of LiteLLM where it is the vendor. */
const NAMES: ReadonlySet<string> = new Set(['models', 'fallbacks', 'fallback_models']);
/** What lets a vendor choose a model by itself, or holds one in a form of its own. */
const CHOICES: ReadonlySet<string> = new Set([
  'route', // OpenRouter
  'preset', // OpenRouter: settings kept there, the model among them
  'compound_custom', // Groq
  'draft_model', // LM Studio
  'context_window_fallbacks', // LiteLLM
  'content_policy_fallbacks',
  'model_list',
]);
/** Lists whose entries may name a model: Anthropic's advisor, OpenAI's image tool, OpenRouter's plug-ins. */
const HOLDERS: ReadonlySet<string> = new Set(['tools', 'plugins']);
const MODEL = /(?:^|_)models?$/;

/** The field of a body that may have a vendor ask another model than `model`; null: there is none. */
export function modelChoiceIn(json: ParsedBody['json']): string | null {
  const isThere = (name: string): boolean => [json[name]].flat().some(value => (value ?? null) !== null);
  return [...NAMES, ...CHOICES].find(isThere) ?? null;
}

type Scoped = Pick<Call, 'permission'>;

/** A call and its meter, on the way to a vendor. */
interface Bound {
  readonly call: Scoped;
  readonly meter: CallMeter;
}

/**
 * Where a call with a JSON body goes: its meter learns it, and the scope of its key is kept, whatever field names a model.
 *
 * @throws GatewayError (403) naming what the key is not for
 */
export function admitBody(bound: Bound, route: Route, body: ParsedBody): void {
  admit(bound, route);
  assertBodyInScope(bound.call, route, body);
}

/** The same for a form. @param fields all but `model` */
export function admitForm(
  bound: Bound,
  route: Route,
  fields: Iterable<readonly [name: string, value: unknown]>,
): void {
  admit(bound, route);
  assertFieldsInScope(bound.call, route, fields);
}

/** The same where no field names another model. */
export function admit({ call, meter }: Bound, route: Route): void {
  meter.provider = route.vendor.id;
  meter.modelSent = route.target.model;
  assertInScope(call, route);
}

/** @throws GatewayError (403) naming what the key is not for */
export function assertInScope(call: Scoped, { vendor, target, isOpened }: Route): void {
  if (isOpened) {
    call.permission?.assertTarget(vendor.id);
  } else {
    call.permission?.assertRoute(vendor.id, target.model);
  }
}

/**
 * A key for some models must not get at others through the fields besides `model` that vendors know. Costs nothing for
 * other keys.
 *
 * @throws GatewayError (403) naming the field
 */
export function assertBodyInScope(call: Scoped, route: Route, { bytes, json, model }: ParsedBody): void {
  if (!call.permission?.limitsModels) {
    return;
  }
  const fields = memberNames(bytes).map(name => [name, json[name]] as const);
  const seen = new Set<string>();
  for (const [name, value] of fields) {
    const field = folded(name);
    // Of a name that occurs twice, or in other letters, each server takes the one that it likes.
    const isForeign = field === 'model' && !(name === 'model' && value === model);
    if (isForeign || (seen.has(field) && choosesModels(field))) {
      throw new ModelChoiceError(name);
    }
    seen.add(field);
  }
  assertFieldsInScope(call, route, fields);
}

/** @throws GatewayError (403) naming the field */
function assertFieldsInScope(
  { permission }: Scoped,
  { vendor }: Route,
  fields: Iterable<readonly [name: string, value: unknown]>,
): void {
  if (!permission?.limitsModels) {
    return;
  }
  for (const [name, value] of fields) {
    const field = folded(name);
    const values = [value].flat().filter(item => item !== null);
    if (values.length > 0 && (CHOICES.has(field) || (HOLDERS.has(field) && values.some(holdsModel)))) {
      throw new ModelChoiceError(name);
    }
    for (const model of NAMES.has(field) ? values : []) {
      if (typeof model !== 'string') {
        throw new ModelChoiceError(name); // an object, whose members may occur twice, too
      }
      permission.assertRoute(vendor.id, model);
    }
  }
}

function choosesModels(field: string): boolean {
  return [NAMES, CHOICES, HOLDERS].some(fields => fields.has(field)) || field === 'model';
}

/** Itself or in its parameters: those of a function are a JSON schema, which has no word for models. */
function holdsModel(entry: unknown): boolean {
  return isObject(entry) && [entry, entry['parameters']].some(hasModel);
}

function hasModel(value: unknown): boolean {
  return isObject(value) && Object.keys(value).some(name => MODEL.test(folded(name)));
}

/** As servers written in Go read names: any case, `ſ` for `s` and the Kelvin sign for `k`. */
function folded(name: string): string {
  return name.toUpperCase().toLowerCase();
}
