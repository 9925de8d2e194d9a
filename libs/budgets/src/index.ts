export { type BudgetStanding, BudgetStandings } from './domain/budget-standings.js';
export { BudgetStorageModule } from './budget-storage.module.js';
export { BudgetsModule } from './budgets.module.js';
export { type Charge, type ChargedBatch, Charges, type Settlement } from './domain/charges.js';
export { KeptBudgets } from './domain/kept-budgets.js';
export type { MostCost } from './domain/most-cost.js';
export { type Certainty, type Payer, type Reservation } from './domain/reservation.js';
export { Reservations } from './domain/reservations.js';
export type { Spender } from './domain/spender.js';
