import type { VendorDialect } from '@app/dialects';

/** The same dialect at a vendor that has it below another path. */
export function below(prefix: string, dialect: VendorDialect): VendorDialect {
  return {
    ...dialect,
    path: (model, stream) => prefix + dialect.path(model, stream),
    models: { ...dialect.models, path: after => prefix + dialect.models.path(after) },
  };
}
