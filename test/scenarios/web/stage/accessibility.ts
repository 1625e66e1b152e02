import type { Page } from 'playwright-core';

/** What a page does to people who cannot see it, or not well: nameless controls, doubled ids, missing heads, faint text. */
export function accessibilityProblems(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(${inspectPage})()`);
}

// Runs in the page, so it is text: this program knows no DOM.
const inspectPage = `() => {
  const problems = [];
  const shown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const text = (element) => (element.textContent ?? '').trim();
  const words = (element) => element.outerHTML.slice(0, 140);
  const nameOf = (element) => {
    const labelled = element.getAttribute('aria-labelledby');
    if (labelled) return labelled.split(' ').map((id) => text(document.getElementById(id) ?? document.body)).join(' ');
    return (
      element.getAttribute('aria-label') ||
      text(element) ||
      [...(element.labels ?? [])].map(text).join(' ') ||
      element.getAttribute('title') ||
      [...element.querySelectorAll('[aria-label]')].map((each) => each.getAttribute('aria-label')).join(' ')
    );
  };
  for (const element of document.querySelectorAll('button, a[href], input, select, textarea, [role=button], [role=tab]'))
    if (shown(element) && !element.closest('.xterm') && !nameOf(element)) problems.push('no name: ' + words(element));
  for (const element of document.querySelectorAll('svg'))
    if (!element.closest('[aria-hidden=true]') && !element.getAttribute('aria-label') && !element.closest('button, a'))
      problems.push('a picture without a word: ' + words(element));
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
  for (const id of new Set(ids.filter((each, index) => ids.indexOf(each) !== index))) problems.push('id twice: ' + id);
  const heads = document.querySelectorAll('h1').length;
  if (heads !== 1) problems.push('main titles: ' + heads);
  if (!document.documentElement.lang) problems.push('no language');
  if (document.querySelectorAll('main').length !== 1) problems.push('no main part');

  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const over = (front, back) =>
    [0, 1, 2].map((index) => (front[index] * front[3] + back[index] * (255 - front[3])) / 255).concat(255);
  const backdrop = (element) => {
    const layers = [];
    for (let each = element; each; each = each.parentElement) layers.push(rgba(getComputedStyle(each).backgroundColor));
    return layers.reverse().reduce((back, front) => over(front, back), [255, 255, 255, 255]);
  };
  const luminance = (colour) => {
    const [red, green, blue] = colour.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faint = new Map();
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!element || !walker.currentNode.textContent.trim() || !shown(element)) continue;
    // What cannot be pressed may be faint; what is read by screen readers only has no colour.
    if (element.closest('script, style, .visually-hidden, .xterm, [data-disabled], [aria-disabled=true], :disabled')) continue;
    const back = backdrop(element);
    const front = over(rgba(getComputedStyle(element).color), back);
    const [lighter, darker] = [luminance(front), luminance(back)].sort((one, other) => other - one);
    const contrast = (lighter + 0.05) / (darker + 0.05);
    if (contrast < 4.5) faint.set(element.className + contrast.toFixed(1), 'contrast ' + contrast.toFixed(2) + ': ' + words(element));
  }
  return [...problems, ...faint.values()];
}`;
