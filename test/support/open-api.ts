/** As much of an OpenAPI document as the specs read. */
export interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly type?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly example?: unknown;
  readonly maxLength?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  /** True of an object that may have any. */
  readonly additionalProperties?: unknown;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Schema;
  readonly example?: unknown;
}

interface OperationObject {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export interface Operation {
  /** Upper case. */
  readonly method: string;
  /** With `{parameters}`. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** JSON body that it takes, references resolved. */
  readonly body: Schema | null;
  /** Statuses that it says it answers. */
  readonly statuses: readonly number[];
  /** JSON body of success, references resolved; null for 204. */
  readonly answer: Schema | null;
}

/** The operations below a path. */
export function operationsOf(document: unknown, prefix: string): Operation[] {
  const { paths, components } = document as Document;
  const resolve = (schema: Schema | undefined): Schema | null => {
    if (!schema) {
      return null;
    }
    const { $ref, allOf } = schema;
    const target = $ref ?? allOf?.[0]?.$ref;
    return target === undefined
      ? schema
      : { ...components.schemas[target.slice(target.lastIndexOf('/') + 1)], ...schema, $ref: undefined };
  };
  const json = (content: Content | undefined): Schema | null =>
    resolve(content?.content?.['application/json']?.schema);
  return Object.entries(paths)
    .filter(([path]) => path.startsWith(prefix))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { parameters = [], requestBody, responses }]) => ({
        method: method.toUpperCase(),
        path,
        parameters,
        body: json(requestBody),
        statuses: Object.keys(responses).map(Number),
        answer: json(Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1]),
      })),
    );
}

/** The body that the examples of a schema make. */
export function exampleOf({ properties = {} }: Schema): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).map(([name, { example }]) => [name, example]));
}
