// A folder that looks like /proc, for processes and sockets that this machine does not have. Removed by `removeFakeProcs`.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface FakeProcess {
  readonly parent?: number;
  readonly startedAt?: number;
  readonly state?: string;
  /** Hundredths of a second. */
  readonly ticks?: number;
  readonly program?: string;
  /** Inodes of its sockets. */
  readonly sockets?: readonly string[];
  readonly otherFiles?: number;
  readonly limit?: number | 'unlimited';
  readonly rssKilobytes?: number;
  readonly threads?: number;
  readonly cores?: string;
  /** ns, of each thread by its number. */
  readonly waited?: Readonly<Record<number, number>>;
  readonly cgroup?: string;
  readonly disk?: { readonly read: number; readonly written: number };
}

export interface FakeSocket {
  readonly address?: string;
  readonly port: number;
  readonly inode: string;
  readonly waiting?: number;
  readonly uid?: number;
  readonly state?: string;
}

const made: string[] = [];

export const removeFakeProcs = (): void => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
};

export class FakeProc {
  readonly root = mkdtempSync(path.join(tmpdir(), 'fake-proc-'));

  constructor() {
    made.push(this.root);
  }

  write(name: string, text: string): void {
    mkdirSync(path.dirname(path.join(this.root, name)), { recursive: true });
    writeFileSync(path.join(this.root, name), text);
  }

  sockets(rows: readonly FakeSocket[], table = 'net/tcp'): void {
    const line = ({ address = '0100007F', port, inode, waiting = 0, uid = 0, state = '0A' }: FakeSocket): string => {
      const hex = (number: number, length: number): string => number.toString(16).toUpperCase().padStart(length, '0');
      const far = '0'.repeat(address.length);
      return `   0: ${address}:${hex(port, 4)} ${far}:0000 ${state} 00000000:${hex(waiting, 8)} 00:00000000 00000000 ${uid}        0 ${inode} 1 0\n`;
    };
    this.write(table, `  sl  local_address rem_address   st tx_queue rx_queue\n${rows.map(line).join('')}`);
  }

  process(pid: number, about: FakeProcess = {}): void {
    this.end(pid);
    const { parent = 1, startedAt = 100, state = 'S', ticks = 0, program = '/usr/bin/node', sockets = [] } = about;
    const { limit = 1000, rssKilobytes = 1000, threads = 1, cores = '0-3', waited = { [pid]: 0 } } = about;
    this.write(
      `${pid}/stat`,
      `${pid} (main) ${state} ${parent} 1 1 0 0 0 0 0 0 0 ${ticks} 0 0 0 20 0 ${threads} 0 ${startedAt} 0 0\n`,
    );
    this.write(`${pid}/status`, `VmRSS:\t${rssKilobytes} kB\nThreads:\t${threads}\nCpus_allowed_list:\t${cores}\n`);
    this.write(`${pid}/limits`, `Max open files            ${limit}                4096                 files\n`);
    this.write(`${pid}/cgroup`, about.cgroup ?? '0::/\n');
    for (const [task, ns] of Object.entries(waited)) this.write(`${pid}/task/${task}/schedstat`, `1000 ${ns} 2\n`);
    const { disk } = about;
    if (disk) this.write(`${pid}/io`, `read_bytes: ${disk.read}\nwrite_bytes: ${disk.written}\n`);
    mkdirSync(path.join(this.root, `${pid}/fd`), { recursive: true });
    const links = [...sockets.map((inode) => `socket:[${inode}]`), ...Array(about.otherFiles ?? 0).fill('/dev/null')];
    for (const [index, link] of links.entries()) symlinkSync(link, path.join(this.root, `${pid}/fd/${index}`));
    symlinkSync(program, path.join(this.root, `${pid}/exe`));
  }

  end(pid: number): void {
    rmSync(path.join(this.root, String(pid)), { recursive: true, force: true });
  }
}
