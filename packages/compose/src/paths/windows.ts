/** Whether a path is absolute on Windows (`C:\x`, `\\host\share`): such a path is left alone on any system. */
export function isWindowsAbsolute(path: string): boolean {
  return /^(?:[\\/]{2}|.:[\\/])/s.test(path);
}
