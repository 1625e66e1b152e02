import type { ReactNode } from 'react';

/** Drover's mark: the crook of a drover and what it keeps. */
export function Mark({ size = 20 }: { readonly size?: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden>
      <path
        d="M7 22V8.5a5.5 5.5 0 0 1 11 0V10"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.6"
        strokeLinecap="round"
      />
      <circle cx="14.5" cy="17.5" r="3" fill="currentColor" />
    </svg>
  );
}
