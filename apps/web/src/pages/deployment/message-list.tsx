import type { ReactNode } from 'react';
import { type StateLook, StateMark } from '../../ui/state-mark.tsx';
import classes from './deployment-page.module.css';
import type { Message } from './progress.ts';

const looks: Readonly<Record<Message['level'], StateLook>> = {
  info: { tone: 'idle', shape: 'ring', word: 'note' },
  warning: { tone: 'warn', shape: 'triangle', word: 'warning' },
  error: { tone: 'bad', shape: 'cross', word: 'error' },
};

/** What the deployment had to say on its way. */
export function MessageList({ messages }: { readonly messages: readonly Message[] }): ReactNode {
  if (messages.length === 0) return null;
  return (
    <ul className={classes.messages} aria-label="Messages">
      {messages.map(({ at, level, text, service }) => (
        <li key={`${at} ${service ?? ''} ${text}`}>
          <span>
            <StateMark look={looks[level]} label={looks[level].word} />
          </span>
          <span>
            {service !== undefined && <strong>{service}: </strong>}
            {text}
          </span>
        </li>
      ))}
    </ul>
  );
}
