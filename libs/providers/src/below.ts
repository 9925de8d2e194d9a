import type { VendorDialect } from '@app/dialects';

/** The same dialect at a vendor that has it below another path. */
export function below(prefix: string, dialect: VendorDialect): VendorDialect {
  const { models, tokenCount } = dialect;
  return {
    ...dialect,
    path: (model, stream) => prefix + dialect.path(model, stream),
    models: { ...models, path: after => prefix + models.path(after) },
    ...(tokenCount && { tokenCount: { ...tokenCount, path: model => prefix + tokenCount.path(model) } }),
  };
}
