const MODEL = '{model}';

/**
 * The address of a request: the base URL and a path below it, which may have a query. A base URL with a query keeps it
 * behind the path, and `{model}` in it stands for the model (Azure's deployments).
 */
export function vendorUrl(baseUrl: string, path: string, model: string): string {
  const base = baseUrl.includes(MODEL) ? baseUrl.replace(MODEL, encodeURIComponent(model)) : baseUrl;
  const query = base.indexOf('?');
  return query < 0
    ? base + path
    : base.slice(0, query) + path + (path.includes('?') ? '&' : '?') + base.slice(query + 1);
}
