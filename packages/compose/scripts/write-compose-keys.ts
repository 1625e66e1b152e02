// Writes docs/compose-keys.md from the table of verdicts:
//   node bootstrap/run.mjs packages/compose/scripts/write-compose-keys.ts
import { writeFileSync } from 'node:fs';
import { referencePage } from '../src/verdict/reference-page.ts';

writeFileSync(new URL('../../../docs/compose-keys.md', import.meta.url), referencePage());
