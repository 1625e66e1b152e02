import { expect, test } from 'vitest';
import { renderTable } from '../../src/terminal/table.ts';
import { textWidth } from '../../src/terminal/width.ts';

const columns = [
  { title: 'NAME', flexible: true },
  { title: 'SIZE', right: true },
  { title: 'IMAGE', flexible: true },
] as const;

test('columns are aligned', () => {
  expect(
    renderTable(
      columns,
      [
        ['web', '1 MB', 'nginx'],
        ['database', '12 MB', 'postgres'],
      ],
      undefined,
    ),
  ).toEqual(['NAME       SIZE  IMAGE', 'web        1 MB  nginx', 'database  12 MB  postgres']);
});

test('a narrow terminal shortens what may be shortened and nothing else', () => {
  const rows = [['a-very-long-container-name', '123 MB', 'registry.example.com/some/image:tag']];
  const lines = renderTable(columns, rows, 40);
  for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(40);
  expect(lines[1]).toContain('123 MB');
});
