export { catalog } from './catalog/catalog.js';
export { VendorClient, type VendorRequest } from './client/vendor.client.js';
export { type BodySink, VendorResponse } from './client/vendor.response.js';
export { traitsOf } from './models/model-traits.js';
export { openAiCompatible } from './open-ai-compatible.js';
export { ProviderRegistry, VENDORS } from './provider.registry.js';
export { ProvidersModule } from './providers.module.js';
export type { Vendor } from './vendor.js';
