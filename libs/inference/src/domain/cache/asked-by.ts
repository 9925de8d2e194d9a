import type { PlannedCall } from '@app/routing';
import type { Call, CacheUse } from '@app/shared';
import type { ParsedBody } from '../parse-body.js';

type Planned = Pick<PlannedCall, 'routes' | 'policy' | 'decision'>;
type Named = Pick<ParsedBody, 'model'>;

/** What the key of every request has of its caller, and of where it may go. */
export function askedBy({ call, use }: { call: Call; use: CacheUse }, planned: Planned, body: Named) {
  const isOfKey = use.scope === 'key' || call.permission?.limitsKey;
  return {
    projectId: call.projectId,
    keyId: isOfKey ? call.keyId : null,
    namespace: use.namespace,
    target: targetOf(planned, body),
    strict: call.strict,
  };
}

/** What a plain name means, whoever spells it how; else what may change from call to call stands for itself. */
function targetOf({ routes, policy, decision }: Planned, { model }: Named): string {
  const [route] = routes;
  const target = policy === null && decision === null && route ? route.id : `${policy ?? ''}:${model}`;
  // Where a model goes on with a text itself, it does not answer it.
  return routes.some(({ dialect }) => dialect.id === 'openai-completions') ? `${target}#completions` : target;
}
