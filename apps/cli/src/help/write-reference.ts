import { writeFileSync } from 'node:fs';
import { commands } from '../commands/table.ts';
import { referencePage } from './reference.ts';

writeFileSync(new URL('../../../../docs/cli.md', import.meta.url), referencePage(commands));
