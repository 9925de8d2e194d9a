import { randomUUID } from 'node:crypto';
import {
  completed,
  type PolicyDefinition,
  type PolicyRecord,
} from '../../libs/routing/src/domain/policies/policy-definition.js';

/** A policy as it is stored. */
export function aPolicyRecord(
  fields: Partial<PolicyRecord> = {},
  definition: Partial<PolicyDefinition> = {},
): PolicyRecord {
  return {
    id: randomUUID(),
    projectId: 'project',
    name: 'fast',
    version: 1,
    definition: JSON.stringify(completed({ targets: [{ model: 'openai/gpt-5-mini' }], ...definition })),
    authorId: 'tester',
    authorName: 'Tester',
    createdAt: Date.UTC(2026, 10, 24),
    updatedAt: Date.UTC(2026, 10, 24),
    ...fields,
  };
}
