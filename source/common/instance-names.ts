// What a probe is called wherever it is spoken of, on the screen and in the log: one name for one instance.

/** Of a probe, what its name is made of. */
interface Named {
  readonly id: string;
  readonly kind: string;
  /** What it looks at, without secrets. */
  readonly target: string;
}

/** How a kind is called in sentences; the others by their name. */
const kindNames: Readonly<Record<string, string>> = { host: 'this machine', process: 'this process' };

/** A probe's name: its kind, and where there are several of it what tells them apart: `health :3002`. */
export const probeName = (probe: Named, all: readonly Named[]): string => {
  const alike = all.filter(({ kind }) => kind === probe.kind);
  const kind = kindNames[probe.kind] ?? probe.kind;
  if (alike.length < 2) return kind;
  const name = instanceNames(alike)[alike.findIndex(({ id }) => id === probe.id)] ?? probe.id;
  return name === probe.id ? name : `${kind} ${name}`;
};

/** `:9464` where the instances share a host, `host:9464` where they do not, their ids where that does not tell them apart. */
export const instanceNames = (probes: readonly Named[]): readonly string[] => {
  const places = probes.map(({ target }) => /^[a-z][\w+.-]*:\/\/(?:[^/@]*@)?([^/?#]*)/i.exec(target)?.[1] ?? '');
  if (places.includes('') || new Set(places).size < places.length) return probes.map(({ id }) => id);
  const hosts = new Set(places.map((place) => place.replace(/:\d+$/, '')));
  const ports = places.map((place) => /:\d+$/.exec(place)?.[0]);
  return hosts.size === 1 && ports.every((port) => port !== undefined) ? ports.map((port) => port ?? '') : places;
};
