export { type Endpoint, endpointOf, EndpointService } from './domain/endpoint.service.js';
export { NoVendorKeyError, ShuttingDownError } from './domain/inference.errors.js';
export { OpenStreams } from './domain/open-streams.js';
export { InferenceModule } from './inference.module.js';
