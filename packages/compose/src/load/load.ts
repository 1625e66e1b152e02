import { ComposeError } from '../diagnostics/compose-error.ts';
import type { LoadInput } from './input.ts';
import { Loading } from './loading.ts';
import type { LoadResult, ModelResult } from './result.ts';
import { Session } from './session.ts';

/** Loads Compose files into a project. Never throws for what the input holds: the result says what is wrong and where. */
export async function load(input: LoadInput): Promise<LoadResult> {
  return finish(input, async (loading) => {
    const { project, parts } = await loading.project();
    return { project, contents: parts.contents };
  });
}

/**
 * Puts Compose files together without making a project of them: variables may stay as they are written, and the services of every
 * profile are there. For `config --no-interpolate`.
 */
export async function loadModel(input: LoadInput): Promise<ModelResult> {
  return finish(input, async (loading) => ({ model: (await loading.model()).model }));
}

type Report = ReturnType<Loading['report']>;

async function finish<Outcome extends object>(
  input: LoadInput,
  work: (loading: Loading) => Promise<Outcome>,
): Promise<(Report & { readonly ok: false }) | (Report & Outcome & { readonly ok: true })> {
  const session = new Session(input);
  const loading = new Loading(input, session);
  try {
    const outcome = await work(loading);
    const failed = session.diagnostics.some((diagnostic) => diagnostic.severity === 'error');
    return failed ? { ok: false, ...loading.report() } : { ok: true, ...loading.report(), ...outcome };
  } catch (thrown) {
    if (!(thrown instanceof ComposeError)) throw thrown;
    loading.fail(thrown);
    return { ok: false, ...loading.report() };
  }
}
