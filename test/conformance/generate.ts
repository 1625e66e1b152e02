import fc from 'fast-check';
import type { ConformanceCase } from './case.ts';
import { services } from './generate-service.ts';

const top = fc.record(
  {
    networks: fc.constantFrom(
      '{n: , m: {driver: bridge, labels: [a=1]}}',
      '{n: {ipam: {config: [{subnet: 10.0.0.0/24}]}}, m: }',
    ),
    volumes: fc.constantFrom('{v: , w: {driver_opts: {a: 1}}}', '{v: {external: true}, w: {name: other}}'),
    secrets: fc.constantFrom('{s: {file: ./s.txt}, t: {environment: TOKEN}}', '{s: {external: true}, t: {file: t}}'),
    configs: fc.constantFrom('{c: {content: "a=$TAG"}, d: {file: ./d}}'),
  },
  { requiredKeys: ['networks', 'volumes', 'secrets', 'configs'] },
);

/** Two files, the second over the first, and an env file; what a person could have written, right or wrong. */
const project = fc.record({
  first: services,
  over: fc.option(services, { nil: undefined }),
  sections: top,
  profiles: fc.subarray(['p', 'q']),
  dotenv: fc.constantFrom('', 'TAG=1.2\n', 'TAG="a b"\nPORT=${BASE:-80}80\n'),
});

/** Cases made at random from a seed, for a run beside the real docker compose. */
export function generateCases(count: number, seed: number): ConformanceCase[] {
  return fc.sample(project, { numRuns: count, seed }).map(({ first, over, sections, profiles, dotenv }, index) => {
    const lines = Object.entries(sections).map(([key, value]) => `${key}: ${value}\n`);
    const files = new Map([
      ['compose.yaml', `services:\n${first}${lines.join('')}`],
      ['.env', dotenv],
      ['x.env', 'A=1\nB="$A-$TAG"\n'],
    ]);
    if (over !== undefined) files.set('over.yaml', `services:\n${over}`);
    const args = ['-f', 'compose.yaml', ...(over === undefined ? [] : ['-f', 'over.yaml'])];
    return {
      name: `generated ${seed}/${index}`,
      files,
      args: [...args, ...profiles.flatMap((profile) => ['--profile', profile])],
      env: { TOKEN: 'hush' },
      also: [['--no-interpolate']],
    };
  });
}
