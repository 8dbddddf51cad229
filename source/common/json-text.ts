// JSON as it is written to files, sockets and stdout: without anything that could steer a terminal it is printed on, and
// without loss. Which object is written is the business of who writes it.

import { steeringCharacters } from './safe-text.ts';

// JSON.stringify escapes only below U+0020. These can stand only inside JSON strings, so that escaping them keeps the text
// valid and its meaning.
const steering = new RegExp(`[${steeringCharacters}]`, 'g');

/** Version of what is written as JSON: `schema_version` in each object of --json and of the control socket, and in the summary file. */
export const schemaVersion = 1;

/** Version of a recording's format, in its head: what is written, and what can be read back. */
export const recordingVersion = 1;

/**
 * `value` as JSON. NaN and Infinity become null; what could steer a terminal is escaped.
 * @param indent spaces of each level; 0 for one line
 */
export const jsonText = (value: object, indent = 0): string =>
  JSON.stringify(value, undefined, indent).replaceAll(
    steering,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** `value` as one line of JSON, with its line feed. */
export const jsonLine = (value: object): string => `${jsonText(value)}\n`;
