import { environment } from '../../../api/environment.ts';
import { localEnvironment } from '../../../api/environment-address.ts';

const key = environment === localEnvironment ? 'drover.draft' : `drover.draft.${environment}`;

/** Keeps the text of a stack that does not exist yet, in this tab, so that neither navigation nor a reload loses it. */
export function keepDraft(text: string): void {
  sessionStorage.setItem(key, text);
}

/** What was kept, or nothing. */
export function readDraft(): string {
  return sessionStorage.getItem(key) ?? '';
}

/** Once the stack exists, the draft has done its work. */
export function dropDraft(): void {
  sessionStorage.removeItem(key);
}
