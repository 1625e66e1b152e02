/** A handler's answer; where it is a stream, with its errors mapped as those of the handler itself are. */
export function guardStream<Output>(output: Output, map: (error: unknown) => unknown): Output {
  if (!isAsyncIterator(output)) return output;
  const guarded = (async function* () {
    try {
      for (;;) {
        const step = await output.next();
        if (step.done) return step.value;
        yield step.value;
      }
    } catch (error) {
      throw map(error);
    } finally {
      await output.return?.();
    }
  })();
  return guarded as unknown as Output;
}

function isAsyncIterator(value: unknown): value is AsyncIterator<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Symbol.asyncIterator in value &&
    'next' in value &&
    typeof value.next === 'function'
  );
}
