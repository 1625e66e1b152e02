import type { WantedManagersView } from '@drover/contract';

/** A wanted number of managers as one value of a choice: `automatic`, `adopted` or a number. */
export function managersChoice(wanted: WantedManagersView): string {
  return wanted.mode === 'fixed' ? String(wanted.count) : wanted.mode;
}

/** What a choice means. */
export function managersOf(choice: string): WantedManagersView {
  if (choice === 'automatic' || choice === 'adopted') return { mode: choice };
  return { mode: 'fixed', count: Number(choice) };
}

/** What can be chosen: what is usual, and what is so now. */
export function managersChoices(wanted: WantedManagersView): { value: string; label: string }[] {
  const now = managersChoice(wanted);
  const usual = ['automatic', '1', '3', '5'];
  const labels: Readonly<Record<string, string>> = { automatic: 'Automatic', adopted: 'As they stand' };
  return [...usual, ...(usual.includes(now) ? [] : [now])].map((value) => ({ value, label: labels[value] ?? value }));
}
