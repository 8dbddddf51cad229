// What does not change of this machine while a run lasts: cores, CPU model, the interface that leads out. Found out once.

import { cpus } from 'node:os';
import { safeText } from '../common/safe-text.ts';
import { formatCount } from '../common/units.ts';
import { fileText } from './file-text.ts';
import type { Fact } from './probe.ts';
import { parseDefaultInterface } from './proc-text.ts';

export interface HostFacts {
  readonly cores: number;
  /** `8 cores  eth0 10 Gbit/s` */
  readonly title: string;
  readonly values: readonly Fact[];
}

/** The facts of this machine. An interface whose speed the system does not tell (virtual ones) is named without. */
export const readHostFacts = (): HostFacts => {
  const processors = cpus();
  const cores = processors.length;
  const model = safeText(processors[0]?.model ?? 'unknown', 60);
  const name = parseDefaultInterface(fileText('/proc/net/route'));
  const speed = name === undefined ? undefined : speedOf(Number(fileText(`/sys/class/net/${name}/speed`)));
  const network = name === undefined ? undefined : [safeText(name, 16), speed].filter(Boolean).join(' ');
  const fact = (metric: string, text: string, rank: number): Fact => ({
    type: 'fact',
    metric,
    label: metric,
    text,
    rank,
  });
  return {
    cores,
    title: [`${formatCount(cores)} ${cores === 1 ? 'core' : 'cores'}`, network].filter(Boolean).join('  '),
    values: [
      fact('cores', formatCount(cores), 40),
      fact('cpu model', model, 41),
      ...(network === undefined ? [] : [fact('interface', network, 42)]),
    ],
  };
};

/** `10 Gbit/s` of a speed in Mbit/s; undefined for an unknown one, which the kernel gives as −1. */
export const speedOf = (megabits: number): string | undefined => {
  if (!(megabits > 0)) return undefined;
  return megabits >= 1000 ? `${megabits / 1000} Gbit/s` : `${megabits} Mbit/s`;
};
