import type { DrainPreviewView } from '@drover/contract';
import type { ReactNode } from 'react';
import { type Column, Table } from '../../../ui/table.tsx';
import { countWords } from '../../../words/count.ts';
import classes from '../../host/one/progress-dialog.module.css';
import { drainSentence, wayWords } from './drain-words.ts';

const columns: readonly Column[] = [
  { name: 'Service' },
  { name: 'Tasks', align: 'right', fit: true },
  { name: 'How' },
  { name: 'To' },
];

/** What a drain moves and how, what it cannot move and why, and what stays behind. */
export function DrainPreview({ preview }: { readonly preview: DrainPreviewView }): ReactNode {
  const { moves, stuck, data, pinned } = preview;
  return (
    <>
      <p>
        <strong>{drainSentence(preview)}</strong>
      </p>
      {moves.length > 0 && (
        <Table label="What moves" columns={columns}>
          {moves.map(({ service, tasks, how, why, to }) => (
            <tr key={`${service} ${how}`}>
              <td>{service}</td>
              <td data-align="right" data-fit>
                {tasks}
              </td>
              <td>
                {wayWords(how)}
                <small className={classes.why}>{why}</small>
              </td>
              <td>{to.join(', ') || 'nowhere'}</td>
            </tr>
          ))}
        </Table>
      )}
      {stuck.length > 0 && (
        <div className={classes.group}>
          <h3>Cannot move</h3>
          <ul>
            {stuck.map(({ service, tasks, reasons }) => (
              <li key={service}>
                {countWords(tasks, 'task')} of <strong>{service}</strong>
                {reasons.map((reason) => (
                  <small key={reason}>{reason}</small>
                ))}
              </li>
            ))}
          </ul>
        </div>
      )}
      <Sentences title="Data that stays behind" sentences={data} />
      <Sentences title="Containers that are not moved" sentences={pinned} />
    </>
  );
}

function Sentences({ title, sentences }: { readonly title: string; readonly sentences: readonly string[] }): ReactNode {
  if (sentences.length === 0) return null;
  return (
    <div className={classes.group}>
      <h3>{title}</h3>
      <ul>
        {sentences.map((words) => (
          <li key={words}>{words}</li>
        ))}
      </ul>
    </div>
  );
}
