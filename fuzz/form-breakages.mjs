// Forms, and what is done to them.
const NAMES = [
  'file',
  'image',
  'image[]',
  'mask',
  'model',
  '__proto__',
  'a[b][c]',
  'model[]',
  'a[99999999]',
  '',
];
const FILE_NAMES = ['', '../../etc/passwd', 'a\u0000.wav', 'x'.repeat(5000), 'ünï.wav', 'a"b.wav', 'hello'];
const BOUNDARY = 'fuzz7d1c';

const BREAKAGES = [
  (_random, form) => ({ ...form, files: [] }),
  (random, { fields, files }) => ({
    fields,
    files: files.map(file => ({ ...file, field: random.pick(NAMES) })),
  }),
  (random, { fields, files }) => ({
    fields,
    files: files.map(file => ({ ...file, name: random.pick(FILE_NAMES) })),
  }),
  (random, { fields, files }) => ({
    fields,
    files: files.flatMap(file => Array.from({ length: random.below(20) }, () => file)),
  }),
  (random, { fields, files }) => ({
    fields,
    files: files.map(file => ({ ...file, bytes: file.bytes.subarray(0, random.below(60)) })),
  }),
  (random, { fields, files }) => ({
    fields: [...fields, [random.pick(NAMES), random.pick(['', 'a', '-1', '1e999', '{}', 'x'.repeat(3000)])]],
    files,
  }),
  (random, { fields, files }) => ({
    fields: fields.map(([name, value]) => [random.chance(0.3) ? random.pick(NAMES) : name, value]),
    files,
  }),
  (random, { fields, files }) => ({
    fields: fields.map(([name]) => [
      name,
      random.pick(['', ' ', 'NaN', '[]', '\u0000', '99999999999', 'true']),
    ]),
    files,
  }),
  (_random, { fields, files }) => ({ fields: fields.slice(1), files }),
  (random, { fields, files }) => ({
    fields: Array.from({ length: random.below(150) }, (_, at) => [`f${at}`, 'a']).concat(fields),
    files,
  }),
];

/** A broken form as bytes, which may be broken themselves. */
export function brokenForm(random, { fields, files }) {
  let form = { fields: Object.entries(fields), files };
  for (let times = random.pick([1, 1, 2, 3]); times > 0; times--) {
    form = random.pick(BREAKAGES)(random, form);
  }
  const bytes = bytesOf(form);
  const cut = random.chance(0.15) ? bytes.subarray(0, random.below(bytes.length)) : bytes;
  const boundary = random.chance(0.05) ? random.pick(['', 'other', '"']) : BOUNDARY;
  return { headers: { 'content-type': `multipart/form-data; boundary=${boundary}` }, bytes: cut };
}

/** The form as it should be. */
export function rightForm({ fields, files }) {
  const bytes = bytesOf({ fields: Object.entries(fields), files });
  return { headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` }, bytes };
}

function bytesOf({ fields, files }) {
  const parts = [
    ...fields.map(([name, value]) => part(`name="${name}"`, '', Buffer.from(value))),
    ...files.map(({ field, name, mime, bytes }) =>
      part(`name="${field}"; filename="${name}"`, `content-type: ${mime}\r\n`, bytes),
    ),
  ];
  return Buffer.concat([...parts.flat(), Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

function part(disposition, type, bytes) {
  const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; ${disposition}\r\n${type}\r\n`;
  return [Buffer.from(head), bytes, Buffer.from('\r\n')];
}
