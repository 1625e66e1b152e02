/** Labels as they are set, in the order of their names: `disk=ssd`, `zone=a`. */
export function labelWords(labels: Readonly<Record<string, string>>): string[] {
  return Object.entries(labels)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`));
}
