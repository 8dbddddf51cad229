// Chooses how this machine is looked at: /proc on Linux, what is portable elsewhere.

import { monotonicNow } from '../common/clock.ts';
import { readHostFacts } from './host-facts.ts';
import { LinuxHostProbe } from './host-linux.ts';
import { PortableHostProbe } from './host-portable.ts';
import type { Probe } from './probe.ts';

/**
 * The probe of this machine.
 * @param local the target is on this machine or near it: loopback traffic counts
 */
export const hostProbe = (local: boolean, platform: string = process.platform): Probe => {
  const facts = readHostFacts();
  if (platform === 'linux') return new LinuxHostProbe({ facts, local, now: monotonicNow });
  return new PortableHostProbe({ facts, now: monotonicNow });
};
