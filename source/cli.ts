#!/usr/bin/env node
// The program's entry: says what to do where Node is too old, then hands over. Nothing is imported before that check, since
// the libraries do not even load in an older Node. The only process.exit is here.

const needed = [22, 19];
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const tooOld = major < needed[0]! || (major === needed[0] && minor < needed[1]!);

if (tooOld) {
  process.stderr.write(
    [
      `loadtop needs Node ${needed.join('.')} or newer; this is Node ${process.versions.node}.`,
      '  Install a current Node (https://nodejs.org), or in a checkout let npm use the one it brings along:',
      '  npm start -- http://localhost:3000',
      '',
    ].join('\n'),
  );
  process.exitCode = 2;
} else {
  // React decides at load time whether to run its slow development build.
  process.env.NODE_ENV ??= 'production';
  const { main } = await import('./commands/main.ts');
  const { stdin, stdout, stderr, env } = process;
  const code = await main(process.argv.slice(2), { stdin, stdout, stderr, env });
  // Pipes are written asynchronously: what is left of the summary must be out before the process ends.
  for (const stream of [stdout, stderr]) {
    if (!stream.destroyed && stream.writableLength > 0) {
      await new Promise<void>((resolve) => {
        stream.once('error', () => resolve());
        stream.write('', () => resolve());
      });
    }
  }
  process.exit(code);
}
