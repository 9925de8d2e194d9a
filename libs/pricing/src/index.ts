export { PriceLists } from './domain/price-lists.service.js';
export { PricingModule } from './pricing.module.js';
