import type { Paint } from '../terminal/style.ts';

const styles: Readonly<Record<string, 'green' | 'yellow' | 'red' | 'cyan' | 'dim'>> = {
  running: 'green',
  ready: 'green',
  open: 'green',
  connected: 'green',
  healthy: 'green',
  succeeded: 'green',
  completed: 'green',
  deploying: 'cyan',
  starting: 'cyan',
  planned: 'cyan',
  connecting: 'cyan',
  changing: 'cyan',
  draining: 'cyan',
  blocked: 'red',
  down: 'red',
  disconnected: 'red',
  cordoned: 'yellow',
  degraded: 'yellow',
  unhealthy: 'red',
  revoked: 'red',
  restarting: 'yellow',
  paused: 'yellow',
  failed: 'red',
  dead: 'red',
  unreachable: 'red',
  cancelled: 'yellow',
  stopped: 'dim',
  drained: 'dim',
  used: 'dim',
  expired: 'dim',
  exited: 'dim',
  created: 'dim',
  new: 'dim',
  unmanaged: 'dim',
};

/** Colours a word that names a state, the same in every table. */
export function paintState(paint: Paint): (text: string) => string {
  return (text) => {
    const style = styles[text.split(' ')[0] ?? ''];
    return style === undefined ? text : paint(style, text);
  };
}
