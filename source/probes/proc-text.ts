// Reads the text of Linux' /proc files. Pure and tolerant: what a kernel or a container does not have is undefined.
// Fields: man 5 proc, Documentation/filesystems/proc.rst, Documentation/accounting/psi.rst.

import type { CpuTicks, DiskCounters, Memory, Pressure, Sockets, Traffic } from './machine-snapshot.ts';

/** `/proc/stat`: clock ticks of all cores. */
export const parseCpu = (text: string): CpuTicks | undefined => ticksOf(/^cpu +(.*)$/m.exec(text)?.[1]);

/** `/proc/stat`: clock ticks of each core by its number; a core that is offline has none. */
export const parseCores = (text: string): Map<string, CpuTicks> => {
  const cores = new Map<string, CpuTicks>();
  for (const [, name, rest] of text.matchAll(/^cpu(\d+) (.*)$/gm)) {
    const ticks = ticksOf(rest);
    if (ticks) cores.set(name!, ticks);
  }
  return cores;
};

/** Guest time is within user time already. */
const ticksOf = (line: string | undefined): CpuTicks | undefined => {
  const fields = line?.split(' ').map(Number);
  if (!fields || fields.length < 4 || fields.some(Number.isNaN)) return undefined;
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, hard = 0, soft = 0, steal = 0] = fields;
  return { user: user + nice, system, idle, iowait, irq: hard + soft, steal };
};

/** Bytes of memory in use (what is not available) and in all, of `/proc/meminfo`. */
export const parseMemory = (text: string): Memory | undefined => memoryOf(text, 'MemTotal', 'MemAvailable');

/** Bytes of swap in use and in all, of `/proc/meminfo`. */
export const parseSwap = (text: string): Memory | undefined => memoryOf(text, 'SwapTotal', 'SwapFree');

const memoryOf = (text: string, totalName: string, freeName: string): Memory | undefined => {
  const field = (name: string): number => Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(text)?.[1]) * 1024;
  const [total, free] = [field(totalName), field(freeName)];
  return Number.isFinite(total - free) ? { used: Math.max(0, total - free), total } : undefined;
};

/** `/proc/net/dev`: each interface by name. */
export const parseTraffic = (text: string): Map<string, Traffic> => {
  const interfaces = new Map<string, Traffic>();
  for (const [, name, rest] of text.matchAll(/^ *([^\s:]+): *(.+)$/gm)) {
    const fields = rest!.trim().split(/ +/).map(Number);
    if (fields.length < 12 || fields.some(Number.isNaN)) continue;
    const [drops, errors] = [fields[3]! + fields[11]!, fields[2]! + fields[10]!];
    interfaces.set(name!, { bytesIn: fields[0]!, bytesOut: fields[8]!, drops, errors });
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
export const parseSockets = (text: string, text6 = ''): Sockets | undefined => {
  const match = /^TCP: inuse (\d+) .*?tw (\d+)/m.exec(text);
  if (!match) return undefined;
  // Those that wait after their close are counted together in the first file.
  const six = /^TCP6: inuse (\d+)/m.exec(text6);
  return { inUse: Number(match[1]) + Number(six?.[1] ?? 0), timeWait: Number(match[2]) };
};

/** Number of ports in `/proc/sys/net/ipv4/ip_local_port_range`. */
export const parsePortCount = (text: string): number | undefined => {
  const [low, high] = text.trim().split(/\s+/).map(Number);
  const count = high! - low! + 1;
  return Number.isFinite(count) && count > 0 ? count : undefined;
};

/** Mean number of tasks that ran or wanted to, over 1, 5 and 15 minutes, of `/proc/loadavg`. */
export const parseLoad = (text: string): readonly [number, number, number] | undefined => {
  const [one, five, fifteen] = text.split(' ').map(Number.parseFloat);
  if (one === undefined || five === undefined || fifteen === undefined) return undefined;
  return Number.isFinite(one + five + fifteen) ? [one, five, fifteen] : undefined;
};

/** `/proc/pressure/…`: share of the last 10 s in which some task waited, 0 to 1, and the time it did since boot. */
export const parsePressure = (text: string): Pressure | undefined => {
  const [, percent, total] = /^some avg10=([\d.]+) .*total=(\d+)/m.exec(text) ?? [];
  if (percent === undefined) return undefined;
  return { averageRatio: Number(percent) / 100, waitedMs: Number(total) / 1000 };
};

/** Bytes in a sector of `/proc/diskstats`, whatever the disk's own are (Documentation/block/stat.rst). */
const sectorBytes = 512;

/** `/proc/diskstats`: counters of each block device by name (Documentation/admin-guide/iostats.rst). */
export const parseDisks = (text: string): Map<string, DiskCounters> => {
  const disks = new Map<string, DiskCounters>();
  for (const [, name, rest] of text.matchAll(/^ *\d+ +\d+ (\S+) (.+)$/gm)) {
    const fields = rest!.split(' ').map(Number);
    if (fields.length < 11 || fields.some(Number.isNaN)) continue;
    const [reads, , readSectors, readMs, writes, , writtenSectors, writeMs, , busyMs, queueMs] = fields;
    disks.set(name!, {
      reads: reads!,
      writes: writes!,
      readBytes: readSectors! * sectorBytes,
      writtenBytes: writtenSectors! * sectorBytes,
      readMs: readMs!,
      writeMs: writeMs!,
      busyMs: busyMs!,
      queueMs: queueMs!,
    });
  }
  return disks;
};

/** The soft limit of open files of `/proc/<pid>/limits`; undefined for none. */
export const parseOpenFileLimit = (text: string): number | undefined => {
  const limit = Number(/^Max open files +(\d+)/m.exec(text)?.[1]);
  return Number.isFinite(limit) ? limit : undefined;
};
