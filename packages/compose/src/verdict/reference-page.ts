import { factKinds } from './host-facts.ts';
import type { Rule, RuleTree } from './rule.ts';
import { fileKeys, sections, table } from './table/table.ts';
import type { Judgement } from './verdict.ts';

/** What shows that a field is done as the table says: a test's file, relative to the repository, by the field's name. */
export type ShownBy = Readonly<Record<string, string>>;

/** The text of docs/compose-keys.md: the table in Markdown. With `shownBy` it has a column for what shows each row. */
export function referencePage(shownBy?: ShownBy): string {
  return [
    '# Compose keys',
    '',
    '<!-- Generated from the table of verdicts: node bootstrap/run.mjs test/fields/write-compose-keys.ts -->',
    '',
    'What becomes of every key of a Compose file: on one Docker Engine, and on a Swarm. `drover check` says the same of your own files,',
    'with file and line: `drover check --target swarm`. Stacks on a Swarm can be checked and not yet deployed.',
    '',
    '| verdict | |',
    '| --- | --- |',
    '| **honoured** | done as the Compose Specification says |',
    '| **emulated** | done by other means; the page says how |',
    '| **ignored** | nothing is done, as docker compose does nothing; the page says why that is harmless |',
    '| **refused** | a deploy fails before anything is touched; the page says why, and → what to write instead. `--accept FIELD` leaves it out |',
    '',
    'The name of a field, for `--accept`, is its section in the singular and the keys below: `service.deploy.placement`.',
    '',
    '## The file',
    '',
    '| key | |',
    '| --- | --- |',
    ...Object.entries(fileKeys).map(([key, what]) => `| \`${key}\` | ${what} |`),
    ...sections.flatMap((section) => [
      '',
      `## ${section}`,
      '',
      ...header(shownBy),
      ...rows(table[section].rules, '', table[section].noun, shownBy),
    ]),
    '',
    '## Host facts',
    '',
    'Some verdicts depend on the hosts. `drover check --host-facts FILE` reads what is known of them as a JSON object; what is absent is',
    'taken for what is usual today. On a deploy the engine itself is asked.',
    '',
    '| fact | value | |',
    '| --- | --- | --- |',
    ...Object.entries(factKinds).map(([name, { wants, about }]) => `| \`${name}\` | ${wants} | ${about} |`),
    '',
  ].join('\n');
}

function header(shownBy: ShownBy | undefined): string[] {
  const more = shownBy === undefined ? '' : ' shown by |';
  return [`| key | one engine | Swarm |${more}`, `| --- | --- | --- |${shownBy === undefined ? '' : ' --- |'}`];
}

function rows(rules: RuleTree, above: string, noun: string, shownBy: ShownBy | undefined): string[] {
  return Object.entries(rules).flatMap(([key, node]) => {
    const name = `${above}${key}`;
    const { engine, swarm } = node;
    const test = shownBy?.[`${noun}.${name}`];
    const shown =
      shownBy === undefined ? '' : ` ${test === undefined ? '' : `[${test.split('/').at(-1)}](../${test})`} |`;
    const own =
      engine === undefined || swarm === undefined
        ? []
        : [`| \`${name}\` | ${ruleWords(engine as Rule)} | ${sameWords(engine as Rule, swarm as Rule)} |${shown}`];
    const inner = node.fields ?? node.each;
    return inner === undefined ? own : [...own, ...rows(inner, `${name}.`, noun, shownBy)];
  });
}

/** A long cell is not said twice. */
function sameWords(engine: Rule, swarm: Rule): string {
  const [words, before] = [ruleWords(swarm), ruleWords(engine)];
  return words === before && words !== '**honoured**' ? 'the same' : words;
}

function ruleWords(rule: Rule): string {
  if (!('cases' in rule)) return judgementWords(rule);
  const cases = rule.cases.map((each) => `${each.when}: ${judgementWords(each.judgement)}`);
  return [...cases, `otherwise ${judgementWords(rule.otherwise)}`].join('<br>');
}

function judgementWords(judgement: Judgement): string {
  const reason = judgement.reason === undefined ? '' : `: ${judgement.reason}`;
  const instead = judgement.verdict === 'refused' ? ` → ${judgement.instead}` : '';
  const final = judgement.verdict === 'refused' && judgement.leftOut === undefined ? ' (cannot be accepted)' : '';
  return `**${judgement.verdict}**${reason}${instead}${final}`.replaceAll('|', '\\|');
}
