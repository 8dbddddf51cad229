// Reads what /proc says of one process, and of the sockets that listen. Pure and tolerant: what a kernel does not tell is
// undefined. The machine as a whole is proc-text.ts. Fields: man 5 proc, Documentation/networking/proc_net_tcp.rst.

/** Linux counts the CPU time of processes in hundredths of a second for programs, whatever the kernel's own clock. */
const ticksPerSecond = 100;

/** `/proc/<pid>/stat`. */
export interface ProcessStat {
  /** As the kernel knows it: at most 15 bytes, of the program's own choice. */
  readonly name: string;
  readonly parent: number;
  /** It has ended and is only waited for. */
  readonly ended: boolean;
  /** Of all its threads, ms. */
  readonly cpuMs: number;
  /** Clock ticks from boot to its start: with the pid it names a process for good. */
  readonly startedAt: number;
}

/** `/proc/<pid>/stat`. The name may hold spaces and brackets. */
export const parseProcessStat = (text: string): ProcessStat | undefined => {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  const fields = text.slice(close + 2).split(' ');
  const number = (index: number): number => Number(fields[index] ?? Number.NaN);
  const stat = {
    name: text.slice(open + 1, close),
    parent: number(1),
    ended: 'ZXx'.includes(fields[0] || '?'),
    cpuMs: ((number(11) + number(12)) * 1000) / ticksPerSecond,
    startedAt: number(19),
  };
  return Number.isFinite(stat.parent + stat.cpuMs + stat.startedAt) ? stat : undefined;
};

/** `/proc/<pid>/status`; a process that is ending has no memory any more. */
export interface ProcessStatus {
  readonly rssBytes: number | undefined;
  readonly threads: number | undefined;
  /** Numbers of the cores that it may run on; empty where that is not told. */
  readonly cores: readonly number[];
}

export const parseProcessStatus = (text: string): ProcessStatus => {
  const number = (pattern: RegExp): number | undefined => {
    const found = pattern.exec(text)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const kilobytes = number(/^VmRSS:\s*(\d+) kB/m);
  return {
    rssBytes: kilobytes === undefined ? undefined : kilobytes * 1024,
    threads: number(/^Threads:\s*(\d+)/m),
    cores: numbersIn(/^Cpus_allowed_list:\s*(\S+)/m.exec(text)?.[1] ?? ''),
  };
};

/** No machine has more cores: a list that says so is none. */
const mostCores = 65_536;

/** The numbers in a list such as `0-3,8`. */
const numbersIn = (list: string): number[] =>
  list.split(',').flatMap((part) => {
    const [low, high = low] = part.split('-').map((text) => Number.parseInt(text, 10));
    const count = high! - low! + 1;
    return count > 0 && count <= mostCores ? Array.from({ length: count }, (_, index) => low! + index) : [];
  });

/** `schedstat` of a thread: ms it was ready and had no core, since its start; undefined where the kernel keeps none. */
export const parseCoreWait = (text: string): number | undefined => {
  const [ran, waited] = text.trim().split(/\s+/).map(Number);
  return ran! > 0 && waited! >= 0 ? waited! / 1e6 : undefined;
};

/** `/proc/<pid>/io`: bytes that went to and came from disks, since its start. */
export const parseDiskBytes = (text: string): { readonly read: number; readonly written: number } | undefined => {
  const read = Number(/^read_bytes: (\d+)/m.exec(text)?.[1]);
  const written = Number(/^write_bytes: (\d+)/m.exec(text)?.[1]);
  return Number.isFinite(read + written) ? { read, written } : undefined;
};

/** Where the control group that limits the CPU of a process is: within `/sys/fs/cgroup`. */
export interface CpuGroup {
  readonly version: 1 | 2;
  readonly path: string;
}

/** `/proc/<pid>/cgroup`. The old kind is named where both are there: then it has the CPU controller. */
export const parseCpuGroup = (text: string): CpuGroup | undefined => {
  let group: CpuGroup | undefined;
  for (const [, controllers, path] of text.matchAll(/^\d+:([^:]*):(.*)$/gm)) {
    if (controllers!.split(',').includes('cpu')) return { version: 1, path: path! };
    if (controllers === '') group = { version: 2, path: path! };
  }
  return group;
};

/** `cpu.max` of a control group: cores that it may use; undefined for any number. */
export const parseCpuMax = (text: string): number | undefined => {
  const [quota, period] = text.trim().split(/\s+/).map(Number);
  return quota! > 0 && period! > 0 ? quota! / period! : undefined;
};

/** A socket that listens. */
export interface ListeningSocket {
  /** As the kernel writes it: `0100007F`. */
  readonly address: string;
  readonly port: number;
  /** Connections that are made and that nobody has accepted. */
  readonly waiting: number;
  readonly uid: number;
  readonly inode: string;
}

/** State 0A of the kernel's table is LISTEN; the far end is all zeros then. */
const socketRow =
  /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) [0-9A-F]+:([0-9A-F]+) \S+ \S+ +(\d+) +\d+ (\d+)/;

/** A row of `/proc/net/tcp` or `tcp6`. @returns `other` for a socket that does not listen, undefined for no row */
export const parseSocketRow = (line: string): ListeningSocket | 'other' | undefined => {
  const [, address, port, state, waiting, uid, inode] = socketRow.exec(line) ?? [];
  if (inode === undefined) return undefined;
  if (state !== '0A') return 'other';
  return {
    address: address!,
    port: Number.parseInt(port!, 16),
    waiting: Number.parseInt(waiting!, 16),
    uid: Number(uid),
    inode,
  };
};
