// Reads the text of Linux' /proc files. Pure and tolerant: what a kernel or a container does not have is undefined.
// Fields: man 5 proc, Documentation/filesystems/proc.rst, Documentation/accounting/psi.rst.

/** Clock ticks since boot of all cores, by what they were spent on. */
export interface CpuTicks {
  readonly user: number;
  readonly system: number;
  readonly idle: number;
  readonly iowait: number;
  /** Hardware and software interrupts. */
  readonly irq: number;
  /** Taken by the hypervisor for others. */
  readonly steal: number;
}

/** `/proc/stat`: the line of all cores. Guest time is within user time already. */
export const parseCpu = (text: string): CpuTicks | undefined => {
  const fields = /^cpu +(.*)$/m.exec(text)?.[1]?.split(' ').map(Number);
  if (!fields || fields.length < 4 || fields.some(Number.isNaN)) return undefined;
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, hard = 0, soft = 0, steal = 0] = fields;
  return { user: user + nice, system, idle, iowait, irq: hard + soft, steal };
};

/** Bytes of memory in use (what is not available) and in all, of `/proc/meminfo`. */
export const parseMemory = (text: string): { readonly used: number; readonly total: number } | undefined => {
  const field = (name: string): number => Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(text)?.[1]) * 1024;
  const total = field('MemTotal');
  const available = field('MemAvailable');
  return Number.isFinite(total - available) ? { used: total - available, total } : undefined;
};

/** Counters of a network interface since boot. */
export interface Traffic {
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly drops: number;
}

/** `/proc/net/dev`: each interface by name. */
export const parseTraffic = (text: string): Map<string, Traffic> => {
  const interfaces = new Map<string, Traffic>();
  for (const [, name, rest] of text.matchAll(/^ *([^\s:]+): *(.+)$/gm)) {
    const fields = rest!.trim().split(/ +/).map(Number);
    if (fields.length < 12 || fields.some(Number.isNaN)) continue;
    interfaces.set(name!, { bytesIn: fields[0]!, bytesOut: fields[8]!, drops: fields[3]! + fields[11]! });
  }
  return interfaces;
};

/** `/proc/net/route`: the interface of the default route with the lowest metric. */
export const parseDefaultInterface = (text: string): string | undefined => {
  const routes = text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, destination, , , , , , mask]) => destination === '00000000' && mask === '00000000')
    .sort((a, b) => Number(a[6]) - Number(b[6]));
  return routes[0]?.[0];
};

/** `/proc/net/snmp` and `/proc/net/netstat`: a field by its group and name, from the pairs of header and value lines. */
export const parseProtocolField = (text: string, group: string, name: string): number | undefined => {
  const [names, values] = text
    .split('\n')
    .filter((line) => line.startsWith(`${group}: `))
    .map((line) => line.split(' '));
  const value = Number(values?.[names?.indexOf(name) ?? -1]);
  return Number.isFinite(value) ? value : undefined;
};

/** TCP sockets of `/proc/net/sockstat` that hold a port: in use, and waiting after their close. */
export const parseSockets = (text: string): { readonly inUse: number; readonly timeWait: number } | undefined => {
  const match = /^TCP: inuse (\d+) .*?tw (\d+)/m.exec(text);
  return match ? { inUse: Number(match[1]), timeWait: Number(match[2]) } : undefined;
};

/** Number of ports in `/proc/sys/net/ipv4/ip_local_port_range`. */
export const parsePortCount = (text: string): number | undefined => {
  const [low, high] = text.trim().split(/\s+/).map(Number);
  const count = high! - low! + 1;
  return Number.isFinite(count) && count > 0 ? count : undefined;
};

/** Mean number of tasks that ran or wanted to, over the last minute, of `/proc/loadavg`. */
export const parseLoad = (text: string): number | undefined => {
  const load = Number.parseFloat(text);
  return Number.isFinite(load) ? load : undefined;
};

/** Share of the last 10 s in which some task waited for a core, 0 to 1, of `/proc/pressure/cpu`. */
export const parsePressure = (text: string): number | undefined => {
  const percent = Number(/^some avg10=([\d.]+)/m.exec(text)?.[1]);
  return Number.isFinite(percent) ? percent / 100 : undefined;
};

/** The soft limit of open files of `/proc/<pid>/limits`; undefined for none. */
export const parseOpenFileLimit = (text: string): number | undefined => {
  const limit = Number(/^Max open files +(\d+)/m.exec(text)?.[1]);
  return Number.isFinite(limit) ? limit : undefined;
};
