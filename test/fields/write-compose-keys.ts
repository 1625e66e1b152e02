// Writes docs/compose-keys.md from the table of verdicts and the tests that show each key:
//   node bootstrap/run.mjs test/fields/write-compose-keys.ts
import { writeFileSync } from 'node:fs';
import { composeKeysPage } from './compose-keys-page.ts';

writeFileSync(new URL('../../docs/compose-keys.md', import.meta.url), await composeKeysPage());
