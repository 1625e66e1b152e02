import type { ITheme } from '@xterm/xterm';

/** The tokens of the product as a terminal's colours, as they stand on this element now. */
export function terminalColours(element: Element): ITheme {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const dark = document.documentElement.dataset.mantineColorScheme === 'dark';
  const magenta = dark ? '#d59bf0' : '#8a3fb0';
  const cyan = dark ? '#5ccfd8' : '#0f7480';
  return {
    background: token('--surface'),
    foreground: token('--ink'),
    cursor: token('--ink'),
    cursorAccent: token('--surface'),
    selectionBackground: dark ? '#3b4a5c' : '#cfdff2',
    black: dark ? '#3d403a' : '#1b1a17',
    brightBlack: token('--ink-3'),
    red: token('--bad'),
    brightRed: token('--bad'),
    green: token('--good'),
    brightGreen: token('--good'),
    yellow: token('--warn'),
    brightYellow: token('--warn'),
    blue: token('--progress'),
    brightBlue: token('--progress'),
    magenta,
    brightMagenta: magenta,
    cyan,
    brightCyan: cyan,
    white: token('--ink-2'),
    brightWhite: token('--ink'),
  };
}
