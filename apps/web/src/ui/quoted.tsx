import type { ReactNode } from 'react';

/** A sentence whose words between backticks are code. */
export function Quoted({ text }: { readonly text: string }): ReactNode {
  return text.split('`').map((part, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence keep their order, and may be the same word
    index % 2 === 0 ? part : <code key={index}>{part}</code>,
  );
}
