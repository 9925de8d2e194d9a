const SPECIAL = /[.+?^${}()|[\]\\]/g;

/** A pattern of `vendor/model` names, in which `*` stands for any text, whatever the case of the letters. */
export function modelPattern(text: string): RegExp {
  return new RegExp(`^${text.replace(SPECIAL, String.raw`\$&`).replaceAll('*', '.*')}$`, 'i');
}
