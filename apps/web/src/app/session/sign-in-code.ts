/** The one-time code of a sign-in link: it travels behind the `#`, which no browser sends and no log keeps. */
export function signInCodeIn(hash: string): string | undefined {
  return /^#\/sign-in\/([A-Za-z0-9_-]{8,200})$/.exec(hash)?.[1];
}
