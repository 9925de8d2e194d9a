import type { ProviderRegistry } from '@app/providers';
import { InvalidRequestError } from '@app/shared';

/** As answers are kept: `vendor/model`. @throws InvalidRequestError (400) when it begins with no vendor, and nothing could be meant */
export function purgedModel(name: string, vendors: ProviderRegistry): string {
  const [prefix = '', ...rest] = name.split('/');
  const vendor = vendors.get(prefix.toLowerCase());
  const model = rest.join('/');
  if (vendor && model !== '') {
    return `${vendor.id}/${model}`;
  }
  throw new InvalidRequestError(
    `'model' must be the vendor that answered and its name of the model, such as '${likely(name, vendors)}', and not '${name}'. ` +
      'The answer has them in x-llmhub-provider and x-llmhub-model, its usage record in provider and modelSent, else modelUsed.',
    'model',
  );
}

function likely(name: string, vendors: ProviderRegistry): string {
  const vendor = vendors.byModelName(name)?.id ?? (/^[^/]+\/./.test(name) ? 'openrouter' : null);
  return vendor ? `${vendor}/${name}` : 'openai/gpt-5-mini';
}
