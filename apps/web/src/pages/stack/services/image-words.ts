/** An image's name in the parts that matter in a table: the usual registry and the digest go without saying. */
export function imageWords(image: string): { readonly name: string; readonly tag: string } {
  const withoutDigest = image.replace(/@sha256:[0-9a-f]{64}$/, '');
  const short = withoutDigest.replace(/^docker\.io\/(library\/)?/, '');
  if (/^sha256:[0-9a-f]{64}$/.test(short)) return { name: short.slice(7, 19), tag: '' };
  const colon = short.lastIndexOf(':');
  return colon > short.lastIndexOf('/')
    ? { name: short.slice(0, colon), tag: short.slice(colon + 1) }
    : { name: short, tag: '' };
}
