/** Without keys that say nothing: undefined, an empty list, an empty object. `null` and `false` say something. */
export function dropEmpty<Value extends object>(
  value: Value,
): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  const kept = Object.entries(value).filter(([, each]) => {
    if (each === undefined) return false;
    return typeof each !== 'object' || each === null || Object.keys(each).length > 0;
  });
  return Object.fromEntries(kept) as { [Key in keyof Value]: Exclude<Value[Key], undefined> };
}
