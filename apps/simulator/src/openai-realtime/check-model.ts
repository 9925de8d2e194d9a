import { Refusal, require400 } from '../refusal.js';

export function checkModel(model: string): void {
  require400(model !== '', 'you must provide a model parameter', { code: 'missing_model' });
  if (model === 'no-such-model') {
    throw new Refusal(404, `The model \`${model}\` does not exist or you do not have access to it.`);
  }
}
