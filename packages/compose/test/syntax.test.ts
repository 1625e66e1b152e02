import { describe, expect, test } from 'vitest';
import { formatDuration, parseByteSize, parseDuration, parseDurationNanoseconds } from '../src/index.ts';
import { shortestFloat32 } from '../src/syntax/float32.ts';
import { isIpAddress } from '../src/syntax/ip-address.ts';
import { parsePortSpec } from '../src/syntax/port-spec.ts';
import { splitShellWords } from '../src/syntax/shell-words.ts';

describe('durations', () => {
  test.each([
    ['10s', 10_000],
    ['1m30s', 90_000],
    ['1.5h', 5_400_000],
    ['500ms', 500],
    ['2d', 172_800_000],
    ['1w', 604_800_000],
    ['-5s', -5000],
    ['+1us', 0.001],
    ['0', 0],
    ['.5s', 500],
  ])('%s is %d ms', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  test.each(['', '10', 's', '1 s', '1x', '.s', '--1s', '9999999999999999999h'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test.each([
    ['90s', '1m30s'],
    ['36h', '36h0m0s'],
    ['1.5s', '1.5s'],
    ['1500us', '1.5ms'],
    ['0s', '0s'],
    ['100ns', '100ns'],
    ['1d', '24h0m0s'],
  ])('%s prints as %s', (text, printed) => {
    expect(formatDuration(parseDurationNanoseconds(text)!)).toBe(printed);
  });
});

test.each([
  ['512m', 536_870_912],
  ['1.5gb', 1_610_612_736],
  ['64KiB', 65_536],
  ['10b', 10],
  ['100', 100],
  ['1 kb', 1024],
  ['1e3', 1000],
  ['-1', undefined],
  ['m', undefined],
  ['1mm', undefined],
  [' 5m', undefined],
])('the size %s is %s bytes', (text, bytes) => {
  expect(parseByteSize(text)).toBe(bytes);
});

describe('ports', () => {
  const show = (spec: string): string => {
    const parsed = parsePortSpec(spec);
    if (!parsed.ok) return `no: ${parsed.reason}`;
    return parsed.bindings.map((port) => `${port.hostIp}|${port.published}|${port.target}/${port.protocol}`).join(' ');
  };
  test.each([
    ['80', '||80/tcp'],
    ['8080:80', '|8080|80/tcp'],
    ['127.0.0.1:8080:80/udp', '127.0.0.1|8080|80/udp'],
    ['[::1]:80:80', '::1|80|80/tcp'],
    ['127.0.0.1::80', '127.0.0.1||80/tcp'],
    ['8000-9000:80', '|8000-9000|80/tcp'],
    ['9-10:9-10', '|10|10/tcp |9|9/tcp'],
    ['80/SCTP', '||80/sctp'],
    ['80:81-82', 'no: the two ranges of ports differ in length'],
    ['99999', 'no: "99999" is not a port or a range of ports'],
    ['::1:80:80', 'no: "::1" is not an IP address'],
    ['80/x', 'no: "x" is not a protocol: tcp, udp and sctp are'],
    ['80:', 'no: it names no container port'],
  ])('%s is %s', (spec, shown) => {
    expect(show(spec)).toBe(shown);
  });
});

test.each([
  ['a b  c', ['a', 'b', 'c']],
  [`a 'b c' "d e"`, ['a', 'b c', 'd e']],
  ['a\\ b "c\\"d"', ['a b', 'c"d']],
  [`''`, ['']],
  ['echo $HOME $(x y)', ['echo', '$HOME', '$(x y)']],
  ['a | b', ['a']],
  ['a 2> b', ['a']],
  ['', []],
  [`a 'b`, undefined],
  ['a (b)', undefined],
])('the command %j has the words %j', (line, words) => {
  expect(splitShellWords(line)).toEqual(words);
});

test.each([
  ['1.2.3.4', true],
  ['01.2.3.4', false],
  ['256.1.1.1', false],
  ['::', true],
  ['2001:db8::1', true],
  ['::ffff:1.2.3.4', true],
  ['1:2:3:4:5:6:7:8', true],
  ['1:2:3:4:5:6:7:8:9', false],
  ['1::2::3', false],
  ['fe80::1%eth0', false],
])('%s is an address: %s', (text, is) => {
  expect(isIpAddress(text)).toBe(is);
});

test('single precision prints as short as Go prints it', () => {
  expect([0.1, 0.333333333, 1e-7, 16777217, 0.5].map(shortestFloat32)).toEqual([0.1, 0.33333334, 1e-7, 16777216, 0.5]);
});
