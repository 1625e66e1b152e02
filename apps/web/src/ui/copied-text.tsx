import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import classes from './copied-text.module.css';

/** So long the button says that it was done, in milliseconds. */
const saying = 2000;

/** Text that is there to be copied, with the button that does it. */
export function CopiedText({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  const words = useRef<HTMLTextAreaElement>(null);
  const [said, setSaid] = useState<string>();
  useEffect(() => {
    if (said === undefined) return;
    const timer = setTimeout(() => setSaid(undefined), saying);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied');
    } catch {
      // Browsers keep the clipboard from pages that came over plain HTTP.
      words.current?.select();
      setSaid('Ctrl+C');
    }
  };
  return (
    <div className={classes.box}>
      <textarea ref={words} className={classes.text} aria-label={label} readOnly spellCheck={false} value={text} />
      <Button
        size="compact-xs"
        className={classes.button ?? ''}
        data-autofocus
        onClick={() => void copy()}
        aria-live="polite"
      >
        {said ?? 'Copy'}
      </Button>
    </div>
  );
}
