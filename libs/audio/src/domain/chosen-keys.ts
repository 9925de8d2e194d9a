import { Injectable } from '@nestjs/common';
import type { TaskRoads } from '@app/inference';
import { ProviderKeysService } from '@app/projects';
import { ModelRouter } from '@app/routing';
import { type Call, InvalidRequestError } from '@app/shared';
import { AudioVendors } from './audio-vendors.js';
import type { ListeningTask, TranscriptionFields } from './transcription.fields.js';

export interface Choosing {
  readonly call: Call;
  readonly task: ListeningTask;
  readonly fields: Pick<TranscriptionFields, 'model' | 'keyId'>;
}

/** The provider keys that callers choose for one call. */
@Injectable()
export class ChosenKeys {
  constructor(
    private readonly router: ModelRouter,
    private readonly providerKeys: ProviderKeysService,
    private readonly vendors: AudioVendors,
  ) {}

  /**
   * The key decides the vendor of a bare model name. Null when the caller chose none.
   *
   * @throws InvalidRequestError (400) for a key that the project does not have, or of another vendor
   */
  async find({ call, task, fields }: Choosing): Promise<Parameters<TaskRoads['runWith']>[1] | null> {
    const { model, keyId } = fields;
    if (keyId === null) {
      return null;
    }
    const key = await this.providerKeys.secretById(call.projectId, keyId);
    if (!key) {
      throw new InvalidRequestError(`This project has no provider key '${keyId}'.`, 'llm_api_key_id');
    }
    const route = this.router.resolve(model.includes('/') ? model : `${key.provider}/${model}`);
    this.vendors.pathAt(route.vendor, task);
    if (route.vendor.id !== key.provider) {
      throw new InvalidRequestError(`The key '${keyId}' is for '${key.provider}'.`, 'llm_api_key_id');
    }
    return { route, apiKey: key.secret };
  }
}
