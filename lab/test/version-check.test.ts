import { describe, expect, it } from 'vitest';
import { expectVersion } from '../src/version-check.ts';

describe('expectVersion', () => {
  it('takes what Debian appends for nothing', () => {
    expectVersion('the engine', '20.10.24', 'Docker version 20.10.24+dfsg1, build 5d6db84\n');
    expectVersion('docker compose', '2.40.3', 'Docker Compose version 2.40.3-3\n');
    expectVersion('the engine', '28.5.2', 'Docker version v28.5.2, build 1');
  });

  it('names both versions when they differ', () => {
    expect(() => expectVersion('docker compose of sid', '2.40.3', 'Docker Compose version 2.41.0-1')).toThrow(
      /docker compose of sid: 2\.40\.3 is expected and 2\.41\.0 was found/,
    );
    expect(() => expectVersion('it', '2.4.0', 'version 2.40.0')).toThrow('2.40.0 was found');
    expect(() => expectVersion('it', '2.4.0', 'segmentation fault')).toThrow('nothing recognisable was found');
  });
});
