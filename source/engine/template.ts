// Fills the templates of a step, `{{arrival}}` and its like. The text between is encoded once; which names exist is checked
// when the profile is compiled (profile/compile.ts).

/** Text for arrival `n`. */
export type TextTemplate = (n: number) => string;

/** Bytes for arrival `n`, in a buffer of their own. */
export type BytesTemplate = (n: number) => Buffer;

const placeholder = /\{\{\s*arrival\s*\}\}/;

/** A template of text; text without a placeholder is returned as it is. */
export const textTemplate = (text: string): TextTemplate => {
  const parts = text.split(placeholder);
  return parts.length === 1 ? () => text : (n) => parts.join(String(n));
};

/** A template of bytes, for bodies. */
export const bytesTemplate = (bytes: Uint8Array): BytesTemplate => {
  // latin1 keeps every byte, so that a body need not be valid UTF-8.
  const parts = Buffer.from(bytes)
    .toString('latin1')
    .split(placeholder)
    .map((part) => Buffer.from(part, 'latin1'));
  const fixedLength = parts.reduce((sum, part) => sum + part.length, 0);
  return (n) => {
    const value = String(n);
    const filled = Buffer.allocUnsafe(fixedLength + value.length * (parts.length - 1));
    let at = 0;
    for (const [index, part] of parts.entries()) {
      if (index > 0) at += filled.write(value, at, 'latin1');
      at += part.copy(filled, at);
    }
    return filled;
  };
};
