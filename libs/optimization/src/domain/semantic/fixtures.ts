import { gistOf } from './gist.js';
import type { AnsweredQuestion, Vector } from './question-index.js';

type Some = Partial<AnsweredQuestion> & { angle?: number; model?: string; extra?: number[]; text?: string };

/** A question with an answer, of project `a`. */
export function aQuestion(key: string, some: Some = {}): AnsweredQuestion {
  const {
    projectId = 'a',
    room = 'room',
    callId = 'c',
    angle = 0,
    model,
    extra,
    text = 'What is it?',
  } = some;
  return { projectId, key, room, callId, gist: gistOf(text), vector: vectorAt(angle, model, extra) };
}

/** @param angle to the first axis @param extra numbers behind the two */
export function vectorAt(angle: number, model = 'v/m', extra: readonly number[] = []): Vector {
  return { numbers: Float32Array.of(Math.cos(angle), Math.sin(angle), ...extra), model };
}
