export { catalog } from './catalog/catalog.js';
export { EgressGuard, EgressRefusedError } from './client/egress-guard.js';
export { VendorClient, type VendorRequest } from './client/vendor.client.js';
export { ReplayedResponse } from './client/replayed.response.js';
export { Tape } from './client/tape.js';
export { SocketInbox, type SocketMessage } from './client/socket-inbox.js';
export { type SocketRefusal, VendorSocket } from './client/vendor.socket.js';
export { type BodySink, VendorResponse } from './client/vendor.response.js';
export { AccessTokens } from './credentials/access-tokens.js';
export { UnusableKeyError } from './credentials/unusable-key.error.js';
export { readingsOf, staysInside } from './inside-path.js';
export { listRequest } from './models/list-request.js';
export { type ModelList, ModelLists } from './models/model-lists.js';
export { type Capabilities, capabilitiesOf } from './models/capabilities.js';
export { ModelBook } from './models/model-book.js';
export { openAiCompatible } from './open-ai-compatible.js';
export {
  averageInputPrice,
  cost,
  isCharged,
  isExact,
  isStandardTier,
  promptCacheSaving,
} from './prices/cost.js';
export { type DearestRates, dearestRates } from './prices/dearest-rates.js';
export type { Price, Rates, TokenKind } from './prices/price.js';
export { PriceBook } from './prices/price-book.js';
export { PriceList } from './prices/price-list.js';
export { type PriceEntries, PriceEntryError, toOverrides } from './prices/price-overrides.js';
export { CATALOGUE_VERSION } from './prices/catalogue-version.js';
export { ProviderRegistry, VENDORS } from './provider.registry.js';
export { ProvidersModule } from './providers.module.js';
export {
  type AudioTask,
  endpointWith,
  type Vendor,
  type VendorEndpoint,
  type VendorTasks,
} from './vendor.js';
export { vendorUrl } from './vendor-url.js';
