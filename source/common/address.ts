// Judges hostnames and IP addresses by their text alone: does traffic to them stay on this machine or in a private
// network? Names are not resolved here; the caller judges the addresses that a name resolves to.

/**
 * Whether a hostname or IP address is loopback or private: 127/8, 10/8, 172.16/12, 192.168/16 (RFC 1918), 0.0.0.0, ::1,
 * ::, fc00::/7 (RFC 4193), their IPv4-mapped forms, `localhost` and `*.localhost`. Any other name, and text that is no
 * address, is not; nor are link-local addresses (169.254.169.254 is a cloud's metadata service) and a carrier's.
 */
export const isLocalOrPrivate = (host: string): boolean => {
  const text = host
    .trim()
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
  if (text === 'localhost' || text.endsWith('.localhost')) return true;
  const four = parseIPv4(text);
  if (four) return isPrivateIPv4(four);
  const six = parseIPv6(text);
  return six !== undefined && isPrivateIPv6(six);
};

const isPrivateIPv4 = ([a, b]: readonly number[]): boolean =>
  // Connecting to 0.0.0.0 reaches this machine.
  a === 0 || a === 10 || a === 127 || (a === 172 && b! >= 16 && b! <= 31) || (a === 192 && b === 168);

const isPrivateIPv6 = (groups: readonly number[]): boolean => {
  const leading = groups.slice(0, 5).every((group) => group === 0);
  if (leading && groups[5] === 0xffff) return isPrivateIPv4(bytesOf(groups[6]!, groups[7]!));
  if (leading && groups[5] === 0 && groups[6] === 0) return groups[7] === 0 || groups[7] === 1;
  return (groups[0]! & 0xfe00) === 0xfc00;
};

const bytesOf = (high: number, low: number): number[] => [high >> 8, high & 255, low >> 8, low & 255];

/** The four bytes of a dotted address, or undefined. Octal and short forms are names here: a URL has none of them left. */
export const parseIPv4 = (text: string): number[] | undefined => {
  if (!/^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/.test(text)) return undefined;
  const bytes = text.split('.').map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : undefined;
};

/** The eight groups of an IPv6 address (zone ignored, dotted tail allowed), or undefined. */
export const parseIPv6 = (text: string): number[] | undefined => {
  const address = text.replace(/%.*$/, '');
  if (!address.includes(':')) return undefined;
  const halves = address.split('::');
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0]!);
  const tail = parseGroups(halves[1] ?? '');
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  return [...head, ...Array.from({ length: missing }, () => 0), ...tail];
};

const parseGroups = (text: string): number[] | undefined => {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const four = index === parts.length - 1 ? parseIPv4(part) : undefined;
    if (four) groups.push((four[0]! << 8) | four[1]!, (four[2]! << 8) | four[3]!);
    else if (/^[0-9a-f]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
};
