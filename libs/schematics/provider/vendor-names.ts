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

/** Words that no variable may have for its name, and names that the generated files import. */
const RESERVED = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
    'false finally for function if implements import in instanceof interface let new null package private protected ' +
    'public return static super switch this throw true try typeof undefined var void while with yield ' +
    'catalog describeChatVendor openAiCompatible sse whole'
  ).split(' '),
);

/** @throws Error when the id is not in kebab case, or makes no name for a variable */
export function vendorNames(id: string): VendorNames {
  if (!KEBAB_CASE.test(id)) {
    throw new Error(`"${id}" is no vendor id. Use kebab case: groq, together-ai.`);
  }
  const words = id.split('-');
  const capitals = words.map(word => word.charAt(0).toUpperCase() + word.slice(1));
  const identifier = [words[0], ...capitals.slice(1)].join('');
  if (RESERVED.has(identifier)) {
    throw new Error(
      `"${identifier}" cannot be the name of a variable here. Use another id, such as ${id}-ai.`,
    );
  }
  return {
    id,
    identifier,
    className: capitals.join(''),
    title: capitals.join(' '),
    variable: `${words.join('_').toUpperCase()}_API_KEY`,
  };
}
