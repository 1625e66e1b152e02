import { spawn } from 'node:child_process';
import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import type { openSpec } from './specs.ts';

export async function run(context: Context, _: Invocation<typeof openSpec.flags>): Promise<number> {
  const { client } = await context.connect();
  const link = await client.session.link();
  if (context.global.json) context.printJson(link);
  else if (hasDesktop(context) && (await openInBrowser(link.url))) context.say('Opened in the browser.');
  else context.print(link.url);
  return 0;
}

const hasDesktop = ({ environment }: Context): boolean => Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);

/** Whether the desktop took the address. It is given as one argument to a program; no shell sees it. */
function openInBrowser(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn('xdg-open', [url], { stdio: 'ignore', detached: true });
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
    child.unref();
  });
}
