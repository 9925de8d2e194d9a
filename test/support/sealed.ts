import type { ProviderKeyRepository } from '../../libs/projects/src/domain/provider-key.repository.js';
import type { ResponseRepository } from '../../libs/responses/src/domain/response.repository.js';

/** Stores a vendor key of some project with that envelope. */
export function insertProviderKey(keys: ProviderKeyRepository, id: string, envelope: string): Promise<void> {
  return keys.insert({
    id,
    projectId: 'project',
    provider: 'openai',
    name: id,
    masked: '…',
    isDefault: false,
    weight: 0,
    status: 'active',
    createdAt: '2026-11-24T10:20:30.456Z',
    version: 1,
    envelope,
  });
}

/** Keeps a response of some project with that envelope. */
export function insertResponse(responses: ResponseRepository, id: string, envelope: string): Promise<void> {
  return responses.insert({
    id,
    projectId: 'project',
    createdAt: 1,
    expiresAt: 2,
    status: 'completed',
    provider: 'anthropic',
    model: 'claude-sonnet-5',
    ancestors: [],
    conversationId: null,
    background: false,
    contextBytes: 1,
    leaseUntil: null,
    envelope,
  });
}
