/** Several sources as one, in the order of a key; each source is in that order by itself. All of them end. */
export async function* mergeByTime<Item>(
  sources: readonly AsyncGenerator<Item>[],
  key: (item: Item) => string,
  signal: AbortSignal,
): AsyncGenerator<Item> {
  try {
    let heads = await Promise.all(sources.map(async (source) => ({ source, step: await source.next() })));
    while (!signal.aborted) {
      heads = heads.filter(({ step }) => !step.done);
      let first = heads[0];
      for (const head of heads)
        if (first !== undefined && !head.step.done && !first.step.done && key(head.step.value) < key(first.step.value))
          first = head;
      if (first === undefined || first.step.done) return;
      yield first.step.value;
      first.step = await first.source.next();
    }
  } finally {
    await Promise.allSettled(sources.map((source) => source.return(undefined)));
  }
}

const mostReady = 256;

/**
 * Several sources as one, as they come; `later` brings more of them. Sources wait while many items are not taken, so that a slow
 * reader slows all of them down. Ends with the signal, or once `later` and every source have ended; the first failure ends it.
 * Sources must end by the signal themselves.
 */
export async function* merge<Item>(
  sources: readonly AsyncGenerator<Item>[],
  later: AsyncGenerator<AsyncGenerator<Item>>,
  signal: AbortSignal,
): AsyncGenerator<Item> {
  const ready: Item[] = [];
  let failure: { readonly error: unknown } | undefined;
  let running = 0;
  let ended = false;
  let wake = () => {};
  let room = Promise.withResolvers<void>();
  const run = async (work: () => Promise<void>): Promise<void> => {
    running += 1;
    try {
      await work();
    } catch (error) {
      failure ??= { error };
    }
    running -= 1;
    wake();
  };
  const pump = (source: AsyncGenerator<Item>) =>
    run(async () => {
      for await (const item of source) {
        while (ready.length >= mostReady && !ended) await room.promise;
        if (ended) return;
        ready.push(item);
        wake();
      }
    });
  const stop = () => {
    ended = true;
    wake();
    room.resolve();
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  for (const source of sources) void pump(source);
  void run(async () => {
    for await (const source of later) void pump(source);
  });
  try {
    while (!ended) {
      const item = ready.shift();
      if (item !== undefined) {
        yield item;
        room.resolve();
        room = Promise.withResolvers<void>();
      } else if (failure !== undefined) throw failure.error;
      else if (running === 0) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}
