// Runs before the first paint, so that a page never appears in the wrong colours. A file of its own because the
// Content-Security-Policy forbids inline scripts.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('drover.colours');
  } catch {}
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
