import type { ReactNode } from 'react';
import { type StateLook, StateMark } from '../../ui/state-mark.tsx';
import { bytesWords } from '../../words/bytes.ts';
import { countWords } from '../../words/count.ts';
import classes from './deployment-page.module.css';
import type { ImageProgress } from './progress.ts';

const looks: Readonly<Record<ImageProgress['status'], StateLook>> = {
  pulling: { tone: 'progress', shape: 'turning', word: 'being pulled' },
  building: { tone: 'progress', shape: 'turning', word: 'being built' },
  done: { tone: 'good', shape: 'tick', word: 'is here' },
  failed: { tone: 'bad', shape: 'cross', word: 'failed' },
};

/** The images of a deployment, with what is pulled and built. */
export function ImageList({ images }: { readonly images: ReadonlyMap<string, ImageProgress> }): ReactNode {
  const waiting = [...images.values()].filter(({ status }) => status !== 'done').length;
  return (
    <section className={classes.section} aria-label="Images">
      <h2>
        Images <small>{waiting === 0 ? `${countWords(images.size, 'image')}, all here` : `${waiting} to get`}</small>
      </h2>
      <ul className={classes.images}>
        {[...images].map(([key, { ref, status, text, current, total }]) => (
          <li key={key} className={classes.image}>
            <StateMark look={looks[status]} label={looks[status].word} />
            <code title={ref}>{ref}</code>
            {status === 'pulling' && current !== undefined && total !== undefined && total > 0 ? (
              <span
                className={classes.bar}
                role="progressbar"
                aria-label={`Pull of ${ref}`}
                aria-valuenow={Math.round((current / total) * 100)}
              >
                <span style={{ width: `${Math.min(100, (current / total) * 100)}%` }} />
              </span>
            ) : (
              <span className={classes.quiet}>{looks[status].word}</span>
            )}
            <span className={classes.quiet}>
              {current !== undefined && total !== undefined && status === 'pulling'
                ? `${bytesWords(current)} of ${bytesWords(total)}`
                : status !== 'done' && text}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
