export interface Symbols {
  readonly done: string;
  readonly failed: string;
  readonly waiting: string;
  readonly same: string;
  readonly spinner: readonly string[];
  readonly full: string;
  readonly empty: string;
}

const unicode: Symbols = {
  done: '✔',
  failed: '✘',
  waiting: '·',
  same: '=',
  spinner: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
  full: '━',
  empty: '─',
};
const ascii: Symbols = {
  done: '+',
  failed: 'x',
  waiting: '.',
  same: '=',
  spinner: ['|', '/', '-', '\\'],
  full: '#',
  empty: '-',
};

/** Signs that the terminal can show: the locale says whether it understands UTF-8. */
export function chooseSymbols(environment: Readonly<Record<string, string | undefined>>): Symbols {
  const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || '';
  return /utf-?8/i.test(locale) || environment.WT_SESSION !== undefined ? unicode : ascii;
}
