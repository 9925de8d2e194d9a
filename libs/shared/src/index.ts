export { ownBytes } from './cache/own-bytes.js';
export { putLast } from './cache/put-last.js';
export { RecentCache, type RecentCacheOptions } from './cache/recent-cache.js';
export { ConfigError } from './config/config.error.js';
export { type Environment, providerVariable, readConfig, unknownVariables } from './config/config.reader.js';
export { GatewayConfigModule } from './config/config.module.js';
export { Config, type ProviderSettings } from './config/config.js';
export { isOpenToOthers, makeFolder } from './config/make-folder.js';
export type { RedisServer } from './config/redis.settings.js';
export type { Store } from './config/store.js';
export type { Collector } from './config/telemetry.settings.js';
export { ProjectStamp, STAMP_PREFIX } from './crypto/project-stamp.js';
export { RingKey } from './crypto/ring-key.js';
export { SEALED_DEADLINES_MS, type SealedRecord, SealedRecords } from './crypto/sealed-records.js';
export { type KeyedHash, LostEncryptionKeyError, newKey, sameSecret, Secrets } from './crypto/secrets.js';
export {
  DATABASE,
  type Database,
  type MongoDatabase,
  type Sql,
  type SqlDatabase,
} from './database/database.js';
export { isDuplicateKey } from './database/duplicate-key.js';
export { deleteExpiredDocuments, deleteExpiredRows } from './database/expired.js';
export { OldDocuments, OldRows } from './database/old-records.js';
export type { ExpiringRecords, KeptByProject, KeptRecords } from './database/kept-records.js';
export { type FileLock, lockFile } from './database/file-lock.js';
export { dropIndex } from './database/mysql-dialect.js';
export { openDatabase } from './database/open-database.js';
export { repository } from './database/repository.js';
export { SealedDocuments } from './database/sealed-documents.js';
export { isEnvelope, SealedRows } from './database/sealed-rows.js';
export { DatabaseLockedError } from './database/sqlite.js';
export { UnusableStoreError } from './database/unusable-store.error.js';
export {
  replaceRecord,
  putDocument,
  putRow,
  type RecordChange,
  type VersionedRecords,
} from './database/versioned.js';
export {
  BodyTooLargeError,
  ConflictError,
  GatewayError,
  type GatewayErrorOptions,
  InternalError,
  InvalidRequestError,
  NotFoundError,
  StoreUnavailableError,
} from './errors/gateway.error.js';
export { explainDepth, NestedTooDeeplyError } from './errors/nesting.error.js';
export { StaleVersionError } from './errors/stale-version.error.js';
export {
  concealed,
  UpstreamError,
  type UpstreamFailure,
  UpstreamTimeoutError,
} from './errors/upstream.error.js';
export {
  ACCESS,
  Access,
  type AccessLevel,
  type AdminLevel,
  includesRole,
  type Role,
  roleFor,
  ROLES,
} from './http/access.decorator.js';
export { type AdminRequest, By, Conditional } from './http/admin-request.js';
export { assertSeen, type Author, localAuthor } from './http/author.js';
export {
  type Call,
  type LiveConfig,
  type MeterReading,
  type Quota,
  quotaHeaders,
  type RoutePermission,
  type TokenAllowance,
  type TokenHold,
} from './http/call.js';
export { type CallTrace, traceOf } from './http/call-trace.js';
export { storableText } from './database/storable-text.js';
export { type CallLabels, callLabels, endUserOf, readTags } from './http/call-labels.js';
export { callerAddress } from './http/caller-address.js';
export {
  CACHE_HEADERS,
  CACHE_KEEPS,
  type CacheKeeps,
  type CacheSettings,
  type CacheUse,
  cacheUse,
  type SemanticUse,
} from './http/cache-headers.js';
export { EntityTagInterceptor } from './http/entity-tag.interceptor.js';
export { JSON_TYPE, NotJsonError, requireJson } from './http/json-only.js';
export { callOf, type ProjectRequest } from './http/project-request.js';
export {
  ROUTING_HEADERS,
  type RoutingHeaders,
  routingHeaders,
  STRICT_HEADER,
} from './http/routing-headers.js';
export { callDeadline, DEADLINE_HEADER } from './http/deadline-header.js';
export { HISTORY_HEADER, historyWindow, type HistoryWindow } from './http/history-header.js';
export { PROMPT_PASSES, type PromptPass } from './http/prompt-passes.js';
export { MOMENT, momentOf } from './http/moment.js';
export { CSV_TYPE, csvOf } from './http/csv.js';
export { EXPORT_FORMATS, exported, type ExportFormat, sendExport } from './http/export.js';
export { FreeForm } from './http/free-form.decorator.js';
export { eachPage, type Page, pageOf } from './http/page.js';
export { PageQuery } from './http/page.dto.js';
export { Reply, ReplyHead } from './http/reply.decorator.js';
export { eventsIn, type SseEvent, SseParser } from './http/sse.parser.js';
export { validationPipe } from './http/validation.pipe.js';
export { COMPACT_UUID } from './crypto/compact-uuid.js';
export { firstCompactIdAt, firstIdAt } from './crypto/first-id.js';
export { hasDoubledMembers } from './json/doubled-members.js';
export { given } from './json/given.js';
export { isObject } from './json/is-object.js';
export {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  stringEnd,
} from './json/json-text.js';
export {
  appendMember,
  bytesOf,
  changeMember,
  inAscii,
  memberNames,
  removeMembers,
  setMember,
  spliceMembers,
  textOf,
} from './json/json-splice.js';
export { spliceChanges } from './json/json-changes.js';
export { createLogger, type Logger, LOGGER, logLines, NestLogger } from './logging/logger.js';
export { Histogram } from './metrics/histogram.js';
export { Metrics, type Sample } from './metrics/metrics.js';
export { nanoUsdOf, usdOf } from './money/usd.js';
export { ProcessId } from './process/process-id.js';
export { redact, withoutSecret } from './logging/redact.js';
export { AddressSet } from './net/address-set.js';
export { Redis, RedisScript } from './redis/redis.js';
export { CLOCK_SKEW_MS, MessageNumbers, type Numbered } from './redis/message-numbers.js';
export type { RedisMailbox } from './redis/redis-mailbox.js';
export { SharedModule } from './shared.module.js';
export { Clock } from './time/clock.js';
export { within } from './time/deadline.js';
export { WorkUnderWay } from './time/work-under-way.js';
export { StoreRounds } from './time/store-rounds.js';
export { inBatches, Sweep } from './time/sweep.js';
