import { Button } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { keepDraft } from '../new/draft.ts';
import classes from './paste-first.module.css';

const example = `services:
  web:
    image: nginx:1.27
    ports: ["8080:80"]
`;

/** What a host without stacks shows: how to get the first one. */
export function PasteFirst(): ReactNode {
  const [text, setText] = useState('');
  const navigate = useNavigate();
  const go = (compose: string): void => {
    keepDraft(compose);
    void navigate({ to: '/stacks/new' });
  };
  return (
    <section className={classes.empty}>
      <div>
        <h2>Start with a compose file</h2>
        <p>
          A stack is an application: its Compose file and its variables. Paste a file; Drover checks it while you look
          at it and shows what a deploy would do. Nothing runs before you say so.
        </p>
        <p>
          On the command line, <code>drover up</code> does the same for the files of a folder.
        </p>
      </div>
      <div>
        <textarea
          className={classes.paste}
          aria-label="Compose file"
          placeholder={example}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onPaste={(event) => {
            // Into an empty field a paste is the whole file; there is nothing left to type.
            const pasted = event.clipboardData.getData('text/plain');
            if (text !== '' || !/^\s*(name|services|include|version)\s*:/m.test(pasted)) return;
            event.preventDefault();
            go(pasted);
          }}
        />
        <div className={classes.go}>
          <Button variant="filled" disabled={text.trim() === ''} onClick={() => go(text)}>
            Check it
          </Button>
          <Button onClick={() => go(example)}>Use the example</Button>
          <Button variant="subtle" renderRoot={(props) => <Link to="/stacks/new" {...props} />}>
            Empty editor
          </Button>
        </div>
      </div>
    </section>
  );
}
