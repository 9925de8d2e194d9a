const PARAMETERS = [
  { name: 'vendor', in: 'path', required: true, schema: { type: 'string' }, example: 'openai' },
  { name: 'path', in: 'path', required: true, schema: { type: 'string' }, example: 'v1/files' },
  {
    name: 'x-llmhub-timeout-ms',
    in: 'header',
    required: false,
    description:
      'For the whole call, in ms. Other headers that choose how a call is routed are refused here.',
    schema: { type: 'integer', minimum: 100, maximum: 3_600_000 },
    example: 30_000,
  },
];
const ANYTHING = { '*/*': { schema: { description: 'Whatever the vendor documents.' } } };
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** `/{vendor}/{path}` for the OpenAPI document; it is no route of a controller. */
export const vendorPathOpenApi = {
  '/{vendor}/{path}': Object.fromEntries(METHODS.map(method => [method, operationOf(method)])),
};

function operationOf(method: (typeof METHODS)[number]): object {
  return {
    operationId: `VendorPaths_${method}`,
    tags: ['VendorPaths'],
    summary:
      'Calls any endpoint of a vendor, as the vendor documents it, with the vendor’s key in place of the project’s.',
    parameters: PARAMETERS,
    ...(method === 'get' || method === 'delete' ? {} : { requestBody: { content: ANYTHING } }),
    responses: { 200: { description: 'What the vendor answers, byte by byte.', content: ANYTHING } },
    security: [{ 'project-key': [] }],
  };
}
