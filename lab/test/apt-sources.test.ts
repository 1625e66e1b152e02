import { describe, expect, it } from 'vitest';
import { debianMirrorOf, parseDeb822Sources, parseSourcesList } from '../src/apt-sources.ts';

describe('sources of apt', () => {
  it('reads one-line sources with and without options', () => {
    const text = [
      '# deb http://commented.example/debian bookworm main',
      'deb http://one.example/debian bookworm main contrib # note',
      'deb [arch=amd64 signed-by=/k.gpg] https://two.example/debian trixie main',
      'deb-src http://one.example/debian bookworm main',
      'deb http://flat.example/ ./',
    ].join('\n');
    expect(parseSourcesList(text)).toEqual([
      { uri: 'http://one.example/debian', suite: 'bookworm', components: ['main', 'contrib'] },
      { uri: 'https://two.example/debian', suite: 'trixie', components: ['main'] },
      { uri: 'http://flat.example/', suite: './', components: [] },
    ]);
  });

  it('reads deb822 sources with comments, continuation lines and disabled paragraphs', () => {
    const text = [
      'Types: deb deb-src',
      '# a comment inside a paragraph',
      'URIs: http://one.example/debian',
      'Suites: bookworm',
      ' bookworm-updates',
      'Components: main',
      '',
      'Types: deb',
      'URIs: http://off.example/debian',
      'Suites: sid',
      'Components: main',
      'Enabled: no',
      '',
      'Types: deb-src',
      'URIs: http://src.example/debian',
      'Suites: sid',
      'Components: main',
    ].join('\n');
    expect(parseDeb822Sources(text)).toEqual([
      { uri: 'http://one.example/debian', suite: 'bookworm', components: ['main'] },
      { uri: 'http://one.example/debian', suite: 'bookworm-updates', components: ['main'] },
    ]);
  });

  it('tells the mirror of Debian from security updates and other archives', () => {
    const components = ['main'];
    const sources = [
      { uri: 'http://other.example/node', suite: 'nodistro', components },
      { uri: 'http://security.example/debian-security', suite: 'bookworm-security', components },
      { uri: 'http://mirror.example/debian', suite: 'bookworm', components },
    ];
    expect(debianMirrorOf(sources)).toBe('http://mirror.example/debian');
    expect(debianMirrorOf(sources.slice(0, 2))).toBeUndefined();
  });
});
