import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, type Author, By } from '@app/shared';
import { Reencryption } from '../domain/reencryption.entity.js';
import { ReencryptionService } from '../domain/reencryption.service.js';

@ApiTags('ProviderKeys')
@Access('owner')
@Controller('admin/encryption')
export class EncryptionController {
  constructor(private readonly reencryption: ReencryptionService) {}

  /** Encrypts anew, with the active encryption key, all that the store keeps sealed; calls go on meanwhile. */
  @Post('reencrypt')
  @HttpCode(200)
  reencrypt(@By() by: Author): Promise<Reencryption> {
    return this.reencryption.run(by);
  }
}
