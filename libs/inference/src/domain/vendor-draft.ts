import { fitToModel, type GenerationRequest, Losses } from '@app/dialects';
import type { Route } from '@app/routing';

/** A request in one of the vendor's dialects, and what it could not carry. */
export interface VendorDraft {
  readonly route: Route;
  readonly written: Record<string, unknown>;
  readonly losses: Losses;
}

/** What the caller calls a field. */
type Named = (field: string) => string;

/** In the dialect of the route; in the vendor's second one when only that carries all that the answer depends on. */
export function draftFor(request: GenerationRequest, route: Route, named: Named): VendorDraft {
  const first = draft(request, route, named);
  const { secondDialect } = route.vendor;
  if (!first.losses.refuses || !secondDialect || secondDialect.id === route.dialect.id) {
    return first;
  }
  const second = draft(request, { ...route, dialect: secondDialect }, named);
  return second.losses.refuses ? first : second;
}

function draft(request: GenerationRequest, route: Route, named: Named): VendorDraft {
  const { dialect, target } = route;
  const losses = new Losses(named);
  return {
    route,
    written: dialect.writeRequest(fitToModel(request, target, losses), target, losses),
    losses,
  };
}
