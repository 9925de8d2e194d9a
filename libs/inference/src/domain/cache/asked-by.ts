import type { PlannedCall } from '@app/routing';
import type { ParsedBody } from '../parse-body.js';

/** What a plain name means, whoever spells it how; else what may change from call to call stands for itself. */
export function targetOf(
  { routes, policy, decision }: Pick<PlannedCall, 'routes' | 'policy' | 'decision'>,
  { model }: Pick<ParsedBody, 'model'>,
): string {
  const [route] = routes;
  const target = policy === null && decision === null && route ? route.id : `${policy ?? ''}:${model}`;
  // Where a model goes on with a text itself, it does not answer it.
  return routes.some(({ dialect }) => dialect.id === 'openai-completions') ? `${target}#completions` : target;
}
