// The table of flags as people read it: in the terminal and in README.

import type { Flag, FlagGroup } from './flag.ts';
import { environmentName, flagTable } from './flags.ts';

const groups: readonly FlagGroup[] = ['Load', 'Request', 'Connection', 'Limits', 'Probes', 'Output', 'Other'];

const spellings = (flag: Flag): readonly string[] => [
  ...(flag.short ? [`-${flag.short}`] : []),
  `--${flag.name}`,
  ...(flag.aliases ?? []).map((alias) => (alias.length === 1 ? `-${alias}` : `--${alias}`)),
];

/** What `loadtop --help` prints: at most 80 columns wide, with its last line ended. */
export const helpText = (): string =>
  [
    'Usage',
    '  loadtop URL [flags]                   load one URL',
    '  loadtop run PROFILE|URL [flags]       load what a profile describes',
    '  loadtop check PROFILE [flags]         what a profile would do, or its faults',
    '  loadtop profiles                      list the profiles that come along',
    '  loadtop doctor [PROFILE|URL] [flags]  check machine, target and probes before',
    '  loadtop cleanup RECORDING [flags]     remove what a run made and left',
    '  loadtop demo [flags]                  start a demo target and load it',
    '  loadtop ctl PATH [COMMAND]            steer a run that has --control PATH',
    '',
    'PROFILE is a file (YAML, JSON, TypeScript, JavaScript), or the name of a shipped',
    'one (events-simple).',
    '',
    ...groups.flatMap((group) => [group, ...flagTable.filter((flag) => flag.group === group).flatMap(helpLines), '']),
    'Every long flag has an environment variable: --max-in-flight is',
    'LOADTOP_MAX_IN_FLIGHT. Flags win over the environment, and that over a profile.',
    '',
    'Examples',
    '  loadtop localhost:3000/health -q 500 -z 1m',
    `  loadtop http://localhost:3000/events -d '{"type":"page_view"}' -q 2k`,
    '  loadtop http://localhost:3000/ -u 200 --spawn-rate 10 -z 5m',
    "  loadtop run events-simple --stages '30s:500,2m:500,10s:0' --json",
    '  loadtop doctor http://localhost:3000/ -q 2k',
    '',
  ].join('\n');

const width = 80;
const indent = 6;

const helpLines = (flag: Flag): readonly string[] => {
  const head = `  ${spellings(flag).join(', ')}${flag.value ? ` ${flag.value}` : ''}`;
  const text = flag.default ? `${flag.help} (default: ${flag.default})` : flag.help;
  return [head, ...wrap(text, width - indent).map((line) => ' '.repeat(indent) + line)];
};

const wrap = (text: string, room: number): readonly string[] => {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
};

/** README's table of flags, in Markdown. */
export const flagsMarkdown = (): string => {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const code = (text: string): string => `\`${text}\``;
  const rows = groups.flatMap((group) =>
    flagTable
      .filter((flag) => flag.group === group)
      .map((flag) => {
        const names = spellings(flag).map(code).join(' ');
        const environment = environmentName(flag.name);
        return [
          flag.value ? `${names} ${code(flag.value)}` : names,
          flag.help,
          flag.default ?? '',
          environment ? code(environment) : '',
        ];
      }),
  );
  return [['Flag', 'What it does', 'Default', 'Environment'], ['---', '---', '---', '---'], ...rows]
    .map((row) => `| ${row.map(cell).join(' | ')} |`)
    .join('\n');
};
