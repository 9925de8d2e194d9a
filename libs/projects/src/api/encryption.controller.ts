import { Controller, HttpCode, Post } from '@nestjs/common';
import { Access } from '@app/shared';
import { Reencryption } from '../domain/reencryption.entity.js';
import { ReencryptionService } from '../domain/reencryption.service.js';

@Access('admin')
@Controller('admin/encryption')
export class EncryptionController {
  constructor(private readonly reencryption: ReencryptionService) {}

  /** Encrypts all stored vendor keys anew with the active encryption key; calls go on meanwhile. */
  @Post('reencrypt')
  @HttpCode(200)
  reencrypt(): Promise<Reencryption> {
    return this.reencryption.run();
  }
}
