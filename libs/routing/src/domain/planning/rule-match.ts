import type { CompiledPolicy } from '../policies/policy-definition.js';
import type { Labels } from '../wishes/labels.js';
import type { RequestFacts } from './routing-snapshot.js';

type Rule = CompiledPolicy['rules'][number];
type Condition = Rule['when'];

/** The first rule whose conditions all hold, counted from 0; null when none does. */
export function ruleFor(rules: readonly Rule[], facts: RequestFacts, labels: Labels): number | null {
  const index = rules.findIndex(({ when }) => holds(when, facts, labels));
  return index < 0 ? null : index;
}

function holds(when: Condition, facts: RequestFacts, labels: Labels): boolean {
  const { minInputTokens, maxInputTokens, modalities, tools, stream } = when;
  const { inputTokens, needs } = facts;
  return (
    (minInputTokens === null || inputTokens >= minInputTokens) &&
    (maxInputTokens === null || inputTokens <= maxInputTokens) &&
    (stream === null || stream === facts.stream) &&
    (tools === null || tools === needs.includes('tools')) &&
    (modalities === null || modalities.every(modality => needs.includes(`${modality}_input`))) &&
    isTold(when, labels)
  );
}

function isTold({ tags, metadata }: Condition, told: Labels): boolean {
  return (
    (tags === null || tags.every(tag => told.tags.includes(tag))) &&
    (metadata === null ||
      Object.entries(metadata).every(
        ([name, value]) => Object.hasOwn(told.metadata, name) && told.metadata[name] === String(value),
      ))
  );
}
