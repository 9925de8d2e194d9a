/** A pattern of the UUIDv7s of this gateway without their dashes, as they stand in ids of OpenAI's form. */
export const COMPACT_UUID = '[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}';
