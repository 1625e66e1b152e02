/** Whether a health check's `Test` makes an engine look: nothing and `[]` leave it to the image, `['NONE']` turns it off. */
export function checksHealth(test: readonly string[] | null | undefined): boolean {
  return (test ?? []).length > 0 && test?.[0] !== 'NONE';
}
