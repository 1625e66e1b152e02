import type { PlanView as Plan } from '@drover/contract';
import type { ReactNode } from 'react';
import { StateMark } from '../ui/state-mark.tsx';
import { countWords, listWords } from '../words/count.ts';
import { Diagnostics } from './diagnostics.tsx';
import classes from './plan-view.module.css';
import { changeLooks, operationWords, planSentence, resourceOperations } from './plan-words.ts';

/** What a deploy would do, in words: each service with what happens to it and why, then networks and volumes. */
export function PlanView({ plan }: { readonly plan: Plan }): ReactNode {
  const changing = plan.services.filter(({ change }) => change !== 'unchanged');
  const staying = plan.services.filter(({ change }) => change === 'unchanged').map(({ service }) => service);
  const resources = resourceOperations(plan);
  return (
    <div className={classes.plan}>
      <p className={classes.sentence}>{planSentence(plan)}</p>
      {(changing.length > 0 || (staying.length > 0 && !plan.empty)) && (
        <ul className={classes.services}>
          {changing.map(({ service, change, causes }) => (
            <li key={service} className={classes.service}>
              <StateMark look={changeLooks[change]} />
              <span>
                <strong>{service}</strong> {changeLooks[change].word}
              </span>
              {causes.map((cause) => (
                <span key={cause} className={classes.causes}>
                  {cause}
                </span>
              ))}
            </li>
          ))}
          {staying.length > 0 && (
            <li className={`${classes.service} ${classes.unchanged}`}>
              <StateMark look={changeLooks.unchanged} />
              <span>
                {listWords(staying)} {staying.length === 1 ? 'stays' : 'stay'} untouched
              </span>
            </li>
          )}
        </ul>
      )}
      {resources.length > 0 && (
        <ul className={classes.resources}>
          {resources.map((operation) => (
            <li key={operation.id}>
              {operationWords(operation)}
              {operation.impact === 'data-loss' && ' and all its data'}
            </li>
          ))}
        </ul>
      )}
      <Diagnostics diagnostics={plan.diagnostics} />
      {plan.operations.length > 0 && (
        <details className={classes.details}>
          <summary>{countWords(plan.operations.length, 'operation')}, in order</summary>
          <ol className={classes.operations}>
            {plan.operations.map((operation) => (
              <li key={operation.id}>
                {operationWords(operation)} <em>{operation.causes.join('; ')}</em>
              </li>
            ))}
          </ol>
        </details>
      )}
    </div>
  );
}
