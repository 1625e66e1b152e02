import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

export interface PageOptions {
  readonly colours?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  /** Signed in with this token from the start. */
  readonly token?: string;
}

const switches = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Debian's Chromium, without a window. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: switches });
}

/** A page that keeps what went wrong in it and how far its content moved by itself. */
export class WatchedPage {
  readonly page: Page;
  readonly #context: BrowserContext;
  /** Errors of the console and of scripts, and words that no page should say, however shortly. An answer that refuses something is none. */
  readonly problems: string[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
    page.on('pageerror', (error) => this.problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/Failed to load resource.*\b4\d\d\b/.test(message.text()))
        this.problems.push(message.text());
    });
  }

  static async open(browser: Browser, options: PageOptions = {}): Promise<WatchedPage> {
    const context = await browser.newContext({
      viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
      colorScheme: options.colours ?? 'light',
    });
    context.setDefaultTimeout(30_000);
    await context.addInitScript(watchShifts);
    await context.addInitScript(watchWords);
    if (options.token !== undefined)
      await context.addInitScript(
        `if (location.protocol === 'http:') localStorage.setItem('drover.token', ${JSON.stringify(options.token)});`,
      );
    return new WatchedPage(context, await context.newPage());
  }

  /** How far content moved without being asked to since the page was loaded: the sum of its layout shifts. */
  layoutShift(): Promise<number> {
    return this.page.evaluate<number>('window.layoutShift');
  }

  /** Puts text into the editor as a paste would. */
  async paste(text: string): Promise<void> {
    await this.page.locator('.cm-content').click();
    await this.page.keyboard.press('Control+A');
    await this.page.evaluate(
      `{
        const clipboardData = new DataTransfer();
        clipboardData.setData('text/plain', ${JSON.stringify(text)});
        document.querySelector('.cm-content').dispatchEvent(
          new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
      }`,
    );
  }

  /** Adds to the error of a failed test what the page looked like and what it had to say. */
  async explain(error: unknown): Promise<void> {
    if (!(error instanceof Error)) return;
    const path = join(mkdtempSync(join(tmpdir(), 'drover-page-')), 'page.png');
    await this.page.screenshot({ path }).catch(() => {});
    error.message += `\n--- the page ${this.page.url()} is in ${path}; its problems: ${JSON.stringify(this.problems)}`;
  }

  async close(): Promise<void> {
    await this.#context.close();
  }
}

const watchShifts = `
  window.layoutShift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.layoutShift += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
`;

const watchWords = String.raw`
  new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes)
      for (const { textContent } of type === 'characterData' ? [target] : addedNodes)
        if (/\b(?:undefined|NaN)\b|\[object /.test(textContent ?? '')) console.error('the page says: ' + textContent);
  }).observe(document, { subtree: true, childList: true, characterData: true });
`;
