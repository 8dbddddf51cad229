// Whether this Node is new enough for the demo target, which is started without the program that looks for itself.

const needed = [22, 19] as const;

/** What to say where Node of this version is too old; undefined where it will do. */
export const nodeTooOld = (version: string): string | undefined => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [neededMajor, neededMinor] = needed;
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return undefined;
  return `needs Node ${needed.join('.')} or newer; this is Node ${version}.`;
};
