// Holds a terminal in which a shell line runs, for tests that take the terminal away: when this process is killed, the
// system hangs the terminal up, as it does when an SSH link breaks. Started by lost-terminal.ts.

import pty from '@lydell/node-pty';

const [shell = '-i', line = ''] = process.argv.slice(2);

const terminal = pty.spawn('/bin/bash', ['--norc', shell, '-c', line], {
  name: 'xterm-256color',
  cols: 120,
  rows: 40,
  env: { LANG: 'C.UTF-8', ...process.env, TERM: 'xterm-256color' },
});
terminal.onData((data) => process.send?.(data));
process.on('message', (keys) => terminal.write(String(keys)));
// Whoever started it is gone.
process.on('disconnect', () => process.exit());
