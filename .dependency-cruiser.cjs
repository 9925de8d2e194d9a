/** What a call passes through on its way to a vendor. */
const CALL_PATH = [
  'responses',
  'routing',
  'limits',
  'analytics',
  'budgets',
  'providers',
  'dialects',
  'projects',
  'shared',
];

/** Which lib may use which. This table is the architecture; change it in review, not in passing. */
const MAY_USE = {
  shared: [],
  dialects: ['shared'],
  providers: ['dialects', 'shared'],
  audit: ['shared'],
  projects: ['audit', 'shared'],
  auth: ['limits', 'projects', 'shared'],
  limits: ['shared'],
  pricing: ['providers', 'audit', 'shared'],
  budgets: ['projects', 'audit', 'shared'],
  analytics: ['budgets', 'pricing', 'providers', 'projects', 'dialects', 'audit', 'shared'],
  responses: ['dialects', 'shared'],
  idempotency: ['analytics', 'shared'],
  routing: ['providers', 'dialects', 'projects', 'audit', 'shared'],
  optimization: ['dialects', 'projects', 'providers', 'audit', 'shared'],
  inference: ['optimization', ...CALL_PATH],
  alerts: ['analytics', 'budgets', 'routing', 'providers', 'projects', 'audit', 'shared'],
  telemetry: ['analytics', 'providers', 'shared'],
  audio: ['inference', ...CALL_PATH],
  realtime: ['audio', 'inference', ...CALL_PATH],
};

/** Files that load Mongoose. */
const MONGO =
  '(\\.mongo\\.repository|\\.schema|\\.documents|/database/mongo(-indexes)?|/insert-documents)\\.ts$';

const libRules = Object.entries(MAY_USE).map(([lib, uses]) => ({
  name: `${lib}-uses-only-${uses.join('-') || 'nothing'}`,
  severity: 'error',
  from: { path: `^libs/${lib}/` },
  to: { path: '^(libs|apps)/', pathNot: `^libs/(${[lib, ...uses].join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...libRules,
    {
      name: 'every-lib-is-in-the-table',
      comment: 'Add a new lib to MAY_USE first.',
      severity: 'error',
      from: { path: '^libs/', pathNot: `^libs/(${Object.keys(MAY_USE).join('|')}|schematics)/` },
      to: {},
    },
    {
      name: 'apps-do-not-use-each-other',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'the-simulator-is-written-from-the-vendors-side',
      comment: 'Sharing the code under test would let both sides agree on the same mistake.',
      severity: 'error',
      from: { path: '^apps/simulator/' },
      to: { path: '^libs/(dialects|providers|routing)/' },
    },
    {
      name: 'the-dashboard-talks-http',
      comment: 'It runs in browsers, and knows of the gateway what anybody may ask it.',
      severity: 'error',
      from: { path: '^apps/dashboard/' },
      to: { path: '^libs/' },
    },
    {
      name: 'browsers-libraries-stay-in-the-dashboard',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '^apps/dashboard/' },
      to: { path: 'node_modules/(react|react-dom|uplot|vite|wouter)/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'front-door-only',
      comment: 'Use another lib through its index.ts.',
      severity: 'error',
      from: { path: '^(?:libs|apps)/([^/]+)/' },
      to: { path: '^libs/[^/]+/src/(?!index\\.ts$)', pathNot: '^libs/$1/' },
    },
    {
      name: 'no-self-import-through-the-front-door',
      severity: 'error',
      from: { path: '^libs/([^/]+)/src/(?!index\\.ts$)' },
      to: { path: '^libs/$1/src/index\\.ts$' },
    },
    {
      name: 'domain-is-pure',
      comment: 'Domain code knows no HTTP, no database and no vendor SDK.',
      severity: 'error',
      from: { path: '/domain/', pathNot: '\\.spec\\.ts$' },
      to: {
        path: '/(api|infrastructure)/|node_modules/(express|mongoose|kysely|pg|mysql2|ioredis|openai|@anthropic-ai|@google|@opentelemetry|@nestjs/(?!common))',
      },
    },
    {
      name: 'mongoose-stays-in-its-files',
      severity: 'error',
      from: { pathNot: MONGO },
      to: { path: 'node_modules/(mongoose|@nestjs/mongoose)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'mongoose-is-loaded-when-chosen',
      comment: 'Import these with `await import(…)`: the start on the embedded store loads no Mongoose.',
      severity: 'error',
      from: { pathNot: MONGO },
      to: { path: MONGO, dynamic: false },
    },
    {
      name: 'opentelemetry-stays-in-its-files',
      severity: 'error',
      from: { pathNot: '^libs/telemetry/src/infrastructure/' },
      to: { path: 'node_modules/@opentelemetry/' },
    },
    {
      name: 'opentelemetry-is-loaded-when-chosen',
      comment: 'Import these with `await import(…)`: a gateway without a collector loads none of it.',
      severity: 'error',
      from: { pathNot: '^libs/telemetry/src/infrastructure/' },
      to: { path: '^libs/telemetry/src/infrastructure/', dynamic: false },
    },
    {
      name: 'api-stays-off-infrastructure',
      severity: 'error',
      from: { path: '/api/' },
      to: { path: '/infrastructure/' },
    },
    {
      name: 'infrastructure-stays-off-api',
      severity: 'error',
      from: { path: '/infrastructure/' },
      to: { path: '^(libs|apps)/.+/api/' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.spec\\.ts$' },
  },
};
