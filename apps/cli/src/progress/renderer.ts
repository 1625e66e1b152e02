import type { DeploymentEvent, DeploymentView } from '@drover/contract';
import type { Context } from '../context.ts';
import { LiveRegion } from '../terminal/live-region.ts';
import { chooseSymbols } from '../terminal/symbols.ts';
import { oneLine } from '../terminal/width.ts';
import { renderLive } from './live.ts';
import { plainLines, planWarnings } from './plain.ts';
import { applyEvent, type DeploymentProgress, emptyProgress } from './state.ts';
import { settledLines } from './summary.ts';

/** Shows a deployment as its events come in. `close` may be called at any time and twice. */
export interface ProgressRenderer {
  readonly progress: DeploymentProgress;
  event(event: DeploymentEvent): void;
  /** A sentence for the person who watches. */
  note(text: string): void;
  close(): void;
}

const drawEvery = 100;

/** Live on a terminal, plain lines elsewhere; `--progress` decides otherwise. JSON has standard output for itself. */
export function chooseRenderer(context: Context, deployment: DeploymentView): ProgressRenderer {
  const { global, terminal, environment } = context;
  const how = global.progress ?? 'auto';
  const output = global.json ? terminal.stderr : terminal.stdout;
  if (how === 'quiet' || (how === 'auto' && global.json)) return quietRenderer(context);
  const canMove = output.isTTY === true && environment.TERM !== 'dumb';
  if (how === 'live' || (how === 'auto' && canMove && !environment.NO_COLOR && !environment.CI))
    return liveRenderer(context, deployment);
  return plainRenderer(context);
}

function quietRenderer(context: Context): ProgressRenderer {
  const progress = emptyProgress();
  return { progress, event: (event) => applyEvent(progress, event), note: (text) => context.say(text), close() {} };
}

function plainRenderer(context: Context): ProgressRenderer {
  const progress = emptyProgress();
  const print = context.global.json ? context.say : context.print;
  return {
    progress,
    event(event) {
      for (const line of plainLines(event)) print(line);
      applyEvent(progress, event);
    },
    note: (text) => context.say(text),
    close() {},
  };
}

function liveRenderer(context: Context, deployment: DeploymentView): ProgressRenderer {
  const progress = emptyProgress();
  const output = context.global.json ? context.terminal.stderr : context.terminal.stdout;
  const symbols = chooseSymbols(context.environment);
  const region = new LiveRegion(output);
  let frame = 0;
  let footer: string | undefined;
  let clockOffset = 0;
  const picture = () => ({
    paint: context.global.json ? context.errorPaint : context.paint,
    symbols,
    columns: region.columns - 1,
    height: region.height,
    frame,
    now: context.now() + clockOffset,
    footer,
  });
  const draw = (): void => region.draw(renderLive(deployment, progress, picture()));
  const timer = setInterval(() => {
    frame += 1;
    draw();
  }, drawEvery);
  output.on('resize', draw);
  let open = true;
  return {
    progress,
    event(event) {
      applyEvent(progress, event);
      // The server's clock need not be this one's.
      clockOffset = progress.lastAt - context.now();
      if (event.type === 'message' && event.level !== 'info') region.print([`${event.level}: ${oneLine(event.text)}`]);
      if (event.type === 'plan') region.print(planWarnings(event));
    },
    note(text) {
      footer = text;
      draw();
    },
    close() {
      if (!open) return;
      open = false;
      clearInterval(timer);
      output.off('resize', draw);
      const settled = settledLines(progress, { ...picture(), now: progress.lastAt });
      region.close();
      for (const line of settled) output.write(`${line}\n`);
    },
  };
}
