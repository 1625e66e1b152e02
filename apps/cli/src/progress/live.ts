import type { DeploymentView } from '@drover/contract';
import type { Paint, StyleName } from '../terminal/style.ts';
import type { Symbols } from '../terminal/symbols.ts';
import { formatBytes, formatElapsed } from '../terminal/units.ts';
import { oneLine, pad, textWidth, truncate } from '../terminal/width.ts';
import { changeWord } from './plain.ts';
import type { DeploymentProgress, ImageProgress, ItemProgress, ItemState } from './state.ts';
import { actionDoing, operationDoing, phaseWords, withLastNames } from './words.ts';

export interface LiveOptions {
  readonly paint: Paint;
  readonly symbols: Symbols;
  readonly columns: number;
  /** At most so many lines. */
  readonly height: number;
  /** Counts up with each picture; turns the spinner. */
  readonly frame: number;
  /** The server's time now, in milliseconds. */
  readonly now: number;
  /** A line below everything, such as what Ctrl-C will do. */
  readonly footer?: string | undefined;
}

/** What is worth seeing first when not everything fits. */
const importance: Readonly<Record<ItemState, number>> = {
  failed: 0,
  active: 1,
  waiting: 2,
  done: 3,
  skipped: 4,
  unchanged: 5,
};

/** A deployment as it stands, as lines no wider and no more than allowed. */
export function renderLive(deployment: DeploymentView, progress: DeploymentProgress, options: LiveOptions): string[] {
  const { paint, columns, height, now } = options;
  const elapsed = formatElapsed(now - (progress.startedAt ?? now));
  const revision = deployment.revision === undefined ? '' : ` (revision ${deployment.revision})`;
  const doing = progress.purpose === 'rollback' ? 'putting back' : actionDoing[deployment.action];
  const title = truncate(`${doing} ${deployment.stack}${revision}`, columns - 8);
  const phase = `${phaseWords[progress.phase ?? ''] ?? ''}  ${elapsed}`.trim();
  const heading = `${paint('bold', title)}  ${paint('dim', truncate(phase, columns - textWidth(title) - 2))}`;
  const footer = options.footer === undefined ? [] : [paint('yellow', truncate(options.footer, columns))];

  const images = [...progress.images.values()].filter(
    (image) => image.endedAt === undefined || image.status === 'failed',
  );
  const items = [...progress.items.values()].filter(({ state }) => state !== 'unchanged');
  const room = height - 1 - footer.length;
  const shownImages = images.slice(
    0,
    Math.max(1, Math.min(images.length, room - Math.min(items.length, Math.ceil(room / 2)))),
  );
  const { shown, hidden } = fit(items, room - shownImages.length);

  const widest = nameWidth(columns, [...shown.map(({ name }) => name), ...shownImages.map(({ ref }) => ref)]);
  return [
    heading,
    ...shownImages.map((image) => imageLine(image, widest, options)),
    ...shown.map((item) => itemLine(item, widest, options)),
    ...(hidden === '' ? [] : [paint('dim', truncate(`  … ${hidden}`, columns))]),
    ...footer,
  ].slice(0, height);
}

/** How many columns names get: what they need, but never so many that nothing else fits. */
export function nameWidth(columns: number, names: readonly string[]): number {
  return Math.max(1, Math.min(32, columns - 16, Math.max(0, ...names.map(textWidth))));
}

/** As many items as fit, in their order, the important ones before the others; and what is left out, in words. */
function fit(items: readonly ItemProgress[], room: number): { shown: readonly ItemProgress[]; hidden: string } {
  if (items.length <= room) return { shown: items, hidden: '' };
  const kept = new Set(
    [...items].sort((a, b) => importance[a.state] - importance[b.state]).slice(0, Math.max(0, room - 1)),
  );
  const counts = new Map<ItemState, number>();
  for (const item of items) if (!kept.has(item)) counts.set(item.state, (counts.get(item.state) ?? 0) + 1);
  return {
    shown: items.filter((item) => kept.has(item)),
    hidden: `and ${[...counts].map(([state, amount]) => `${amount} ${state}`).join(', ')}`,
  };
}

const stateStyles: Readonly<Record<ItemState, StyleName>> = {
  waiting: 'dim',
  active: 'cyan',
  done: 'green',
  failed: 'red',
  skipped: 'yellow',
  unchanged: 'dim',
};

function symbolOf(state: ItemState, { symbols, frame }: LiveOptions): string {
  if (state === 'active') return symbols.spinner[frame % symbols.spinner.length]!;
  if (state === 'done') return symbols.done;
  if (state === 'failed') return symbols.failed;
  return state === 'unchanged' ? symbols.same : symbols.waiting;
}

/** One service on one line: sign, name, what happens, for how long, and why. */
export function itemLine(item: ItemProgress, nameWidth: number, options: LiveOptions): string {
  const { paint, columns, now } = options;
  const name = pad(truncate(item.name, nameWidth), nameWidth);
  const sign = paint(stateStyles[item.state], symbolOf(item.state, options));
  const elapsed =
    item.startedAt === undefined ? 0 : (item.state === 'active' ? now : (item.endedAt ?? now)) - item.startedAt;
  const time = elapsed < 100 ? '' : formatElapsed(elapsed);
  const doing = doingOf(item);
  const why = item.state === 'failed' ? oneLine(withLastNames(item.message ?? '')) : item.causes.join('; ');
  let left = columns - 3 - nameWidth;
  const take = (text: string, style: StyleName | undefined): string => {
    if (text === '' || left < 6) return '';
    const cut = truncate(oneLine(text), left - 2);
    left -= textWidth(cut) + 2;
    return `  ${style === undefined ? cut : paint(style, cut)}`;
  };
  return ` ${sign} ${name}${take(doing, item.state === 'failed' ? 'red' : undefined)}${take(time, 'dim')}${take(why, 'dim')}`;
}

function doingOf(item: ItemProgress): string {
  const [first] = item.active.values();
  if (first !== undefined) {
    const others = item.active.size > 1 ? ` and ${item.active.size - 1} more` : '';
    const target = first.target === item.name ? '' : ` ${withLastNames(first.target)}`;
    return `${operationDoing(first.kind)}${target}${others}`;
  }
  if (item.state === 'done') return item.change === undefined ? 'done' : changeWord(item.change);
  return item.state;
}

function imageLine(image: ImageProgress, nameWidth: number, options: LiveOptions): string {
  const { paint, symbols, columns, now } = options;
  const state: ItemState = image.status === 'failed' ? 'failed' : image.status === 'done' ? 'done' : 'active';
  const name = pad(truncate(image.ref, nameWidth), nameWidth);
  const left = columns - 3 - nameWidth - 2;
  const { current, total } = image;
  let what = image.text === undefined ? image.status : `${image.status} ${oneLine(image.text)}`;
  if (image.status === 'pulling' && current !== undefined && total !== undefined && total > 0) {
    const width = Math.max(0, Math.min(20, left - 24));
    const full = Math.round((Math.min(current, total) / total) * width);
    what = `pulling ${symbols.full.repeat(full)}${symbols.empty.repeat(width - full)} ${formatBytes(current)} of ${formatBytes(total)}`;
  }
  const time = formatElapsed(now - image.startedAt);
  const text = truncate(what, Math.max(0, left - textWidth(time) - 2));
  return ` ${paint(stateStyles[state], symbolOf(state, options))} ${name}  ${text}${left > 20 ? `  ${paint('dim', time)}` : ''}`;
}
