import { Module } from '@nestjs/common';
import { AnswerCache } from './domain/answer-cache.service.js';

@Module({ providers: [AnswerCache], exports: [AnswerCache] })
export class OptimizationModule {}
