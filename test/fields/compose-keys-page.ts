import { referencePage } from '@drover/compose/verdict/reference-page';
import { collectShownBy } from './shown-by.ts';

/** The text of docs/compose-keys.md: the table of verdicts, each row with the test that shows it. */
export async function composeKeysPage(): Promise<string> {
  const shown = [...(await collectShownBy())].map(([key, { test }]) => [key, test]);
  return referencePage(Object.fromEntries(shown));
}
