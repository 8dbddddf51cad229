// The media type of a file by the ending of its name, for bodies that do not say their own.

const byEnding: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  bz2: 'application/x-bzip2',
  css: 'text/css',
  csv: 'text/csv',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  gif: 'image/gif',
  gz: 'application/gzip',
  htm: 'text/html',
  html: 'text/html',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  js: 'text/javascript',
  json: 'application/json',
  md: 'text/markdown',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  ndjson: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  tar: 'application/x-tar',
  tsv: 'text/tab-separated-values',
  txt: 'text/plain',
  wasm: 'application/wasm',
  wav: 'audio/wav',
  webm: 'video/webm',
  webp: 'image/webp',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  xml: 'application/xml',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  zip: 'application/zip',
  zst: 'application/zstd',
};

/** The media type of a file; `application/octet-stream` where its name does not tell. */
export const mediaTypeOf = (name: string): string => {
  const [, ending = ''] = /\.([a-z0-9]+)$/i.exec(name) ?? [];
  const key = ending.toLowerCase();
  return Object.hasOwn(byEnding, key) ? byEnding[key]! : 'application/octet-stream';
};
