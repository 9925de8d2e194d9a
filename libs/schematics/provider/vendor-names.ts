/** One vendor's id in the spellings that its file needs. */
export interface VendorNames {
  /** `together-ai`, as in `together-ai/model`. */
  readonly id: string;
  /** `togetherAi` */
  readonly identifier: string;
  /** `TogetherAi` */
  readonly className: string;
  /** `Together Ai` */
  readonly title: string;
  /** `TOGETHER_AI_API_KEY` */
  readonly variable: string;
}

const KEBAB_CASE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** @throws Error when the id is not in kebab case */
export function vendorNames(id: string): VendorNames {
  if (!KEBAB_CASE.test(id)) {
    throw new Error(`"${id}" is no vendor id. Use kebab case: groq, together-ai.`);
  }
  const words = id.split('-');
  const capitals = words.map(word => word.charAt(0).toUpperCase() + word.slice(1));
  return {
    id,
    identifier: [words[0], ...capitals.slice(1)].join(''),
    className: capitals.join(''),
    title: capitals.join(' '),
    variable: `${words.join('_').toUpperCase()}_API_KEY`,
  };
}
